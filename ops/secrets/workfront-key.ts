/** How a person makes a Workfront API key, since no call makes one. */
export const HOW_TO_MAKE_A_KEY = `No key was made: since users sign in to Workfront through Adobe, the API no longer makes keys for a user name and password.

Sign in to Workfront as the user that the key is to act as:
  Setup > System > Customer Info > API Key Settings > Generate API Key
The same page shows after how long keys expire. Then store the key:
  npm run ops -- --stage NAME secret set workfront
docs/credentials.md has the two kinds of credential that do not expire so soon.`;
