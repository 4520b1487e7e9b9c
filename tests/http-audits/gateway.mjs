// Where the gateway under test is, and how it is asked.

const need = (name) => {
  const value = process.env[name];
  if (!value) throw new Error(`set ${name}: the tests ask a gateway that is running`);
  return value;
};

/** The address of the GraphQL endpoint, whether or not GATEWAY_URL has its path. */
export const endpoint = (() => {
  const url = new URL(need('GATEWAY_URL'));
  if (url.pathname === '/') url.pathname = '/graphql';
  return url.toString();
})();

/** The header that signs a member in. */
export const bearer = { authorization: `Bearer ${need('GATEWAY_TOKEN')}` };
