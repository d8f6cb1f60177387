// Loads a page again that says so, unless somebody is about to use it. Without this script every page works, and stays as it is.
const seconds = Number(document.body.dataset.refresh);
const freshness = document.getElementById('freshness');

async function loadAgain() {
  if (document.hidden || document.querySelector('main :focus, main details[open]')) return;
  const answer = await fetch(location.href).catch(() => undefined);
  if (!answer?.ok) {
    freshness.textContent = 'The console does not answer: what you see is old.';
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  document.querySelector('main').replaceWith(fresh.querySelector('main'));
  freshness.textContent = '';
}
if (seconds > 0) setInterval(loadAgain, seconds * 1000);

// A second click must not send a form twice.
addEventListener('submit', ({ target }) => {
  if (target.method === 'post') setTimeout(() => setBusy(target, true));
});
addEventListener('pageshow', () => {
  for (const form of document.forms) setBusy(form, false);
});

function setBusy(form, isBusy) {
  form.setAttribute('aria-busy', String(isBusy));
  for (const button of form.querySelectorAll('button')) button.disabled = isBusy;
}
