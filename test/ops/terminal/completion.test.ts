import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { opsProgram } from '../../../ops/program.ts';
import { completionFor } from '../../../ops/terminal/completion.ts';
import { runInProcess, silent } from '../run-in-process.ts';

const { command: program } = opsProgram({ terminal: silent(), clock: Date.now });

describe('the completion', () => {
  it.each([
    { typed: ['re'], offers: ['rehearse', 'release', 'reject', 'replay', 'reopen', 'resume', 'retry', 'resolve', 'report'] },
    { typed: ['--stage', 'production', 'brake', 're'], offers: ['release'] },
    { typed: ['secret', 'set', '--f'], offers: ['--force'] },
    { typed: ['quarantine', 'dismiss', '--so'], offers: ['--source'] },
  ])('of bash offers $offers after $typed', ({ typed, offers }) => {
    const script = completionFor('bash', { program, name: 'offboarding' });
    const ask = `COMP_WORDS=(offboarding ${typed.join(' ')}); COMP_CWORD=${typed.length}; _offboarding; echo "\${COMPREPLY[@]}"`;

    const offered = execFileSync('bash', ['-c', `${script}\n${ask}`], { encoding: 'utf8' })
      .trim()
      .split(' ');

    expect(offered.sort()).toEqual(offers.sort());
  });

  it('of zsh is that of bash, and fish gets lines of its own', () => {
    expect(completionFor('zsh', { program, name: 'offboarding' })).toMatch(/bashcompinit\n_offboarding\(\) \{/);
    expect(completionFor('fish', { program, name: 'offboarding' })).toMatch(
      /^complete -c offboarding -n "__fish_use_subcommand" -f -a "status todo /m,
    );
  });

  it('of another shell is refused with the ones that there are', async () => {
    const { code, errors } = await runInProcess(['--completion', 'bsh']);

    expect(code).toBe(2);
    expect(errors[0]).toBe('--completion cannot be "bsh"; did you mean bash? Use one of bash, zsh, fish');
  });
});
