// graphql-ws: one WebSocket, which is opened again after a loss. Other clients take it as their transport of subscriptions.
import { createClient } from 'graphql-ws';

export function connect(url, headers, options) {
  // `headers` is called for each connection, so that a renewed token takes the place of the old one.
  return createClient({ url: url.replace(/^http/, 'ws'), connectionParams: headers, ...options });
}

const CHANGES = 'subscription { changes { rows { type id version } all } }';

export function changes(client, changed, ended) {
  // Without data: the rights ended, and the gateway closes the connection next.
  const next = ({ data, errors }) => (data ? changed(data.changes) : ended(errors));
  return client.subscribe({ query: CHANGES }, { next, error: ended, complete: ended });
}
