// A real mail server on a free port of this machine, which keeps what it is given.

import { once } from 'node:events';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A reply that a client is to take as "later": it stands after the whole mail was sent, so that both tries can be compared. */
const LATER = Object.assign(new Error('4.3.0 try again later'), { responseCode: 451 });

/**
 * Starts a sink.
 *
 * @param {{ refuse?: number }} [options] how many mails are refused with 451 before the others are taken
 */
export async function startSink({ refuse = 0 } = {}) {
  /** Every mail that came whole, refused ones too: `{ taken, from, to, raw, mail }`. */
  const arrivals = [];
  const waiting = new Set();
  let left = refuse;

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    async onData(stream, session, callback) {
      const chunks = [];
      for await (const chunk of stream) chunks.push(chunk);
      const raw = Buffer.concat(chunks);
      const taken = left === 0;
      if (!taken) left -= 1;
      arrivals.push({
        taken,
        from: session.envelope.mailFrom.address,
        to: session.envelope.rcptTo.map(({ address }) => address),
        raw: raw.toString('latin1'),
        mail: await PostalMime.parse(raw),
      });
      callback(taken ? null : LATER);
      for (const look of waiting) look();
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address();

  /** The first arrival that is `wanted`; waits for it, but not for ever. */
  const arrival = (wanted, patience = 15_000) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = arrivals.find(wanted);
        if (!found) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`no such mail within ${patience} ms; there are ${arrivals.length}`));
      }, patience);
      waiting.add(look);
      look();
    });

  return {
    url: `smtp://127.0.0.1:${port}`,
    arrivals,
    arrival,
    /** The first mail to somebody that was taken. */
    taken: (to, patience) => arrival((one) => one.taken && one.to.includes(to), patience),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
