// What the gateway tells the page before anybody has signed in: where to sign in, if anywhere. Nothing in it is secret.

/** The provider at which people sign in, as `[pages.sign_in]` says. */
export interface SignInConfig {
  issuer: string;
  clientId: string;
  scopes: string[];
  label: string;
  /** For whom the token shall be: as `resource` (RFC 8707), or as `audience` (Auth0). */
  resource?: string;
  audience?: string;
}

export interface Config {
  signIn: SignInConfig | null;
  /** Whether a token in the address may be offered to the person. */
  tokenLinks: boolean;
}

/** Without an answer the page still takes a token. */
export async function fetchConfig(): Promise<Config> {
  try {
    const response = await fetch('/dashboard/config.json');
    if (response.ok) return (await response.json()) as Config;
  } catch {
    // The gateway is away: the first question says so.
  }
  return { signIn: null, tokenLinks: false };
}
