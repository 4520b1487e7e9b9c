// The sink itself: what it refuses, what it keeps. Spoken by hand, so that the suite does not test the gateway with the gateway's own client.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { startSink } from './sink.mjs';

/** Says each line and gives the replies' codes. */
async function converse(url, lines) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const replies = createInterface({ input: socket })[Symbol.asyncIterator]();
  const reply = async () => {
    for (;;) {
      const { value, done } = await replies.next();
      if (done) return 'end';
      if (value[3] !== '-') return value.slice(0, 3);
    }
  };
  const codes = [await reply()];
  for (const line of lines) {
    socket.write(`${line}\r\n`);
    codes.push(await reply());
  }
  socket.end();
  return codes;
}

const LETTER = ['From: a@b.example', 'To: c@d.example', 'Subject: =?utf-8?q?Zo=C3=AB?=', '', 'hello', '.'].join('\r\n');
const SAID = ['EHLO here', 'MAIL FROM:<a@b.example>', 'RCPT TO:<c@d.example>', 'DATA', LETTER, 'QUIT'];

test('the first mail is refused for now, the next is taken, and both are kept', async () => {
  const sink = await startSink({ refuse: 1 });
  try {
    assert.deepEqual(await converse(sink.url, SAID), ['220', '250', '250', '250', '354', '451', '221']);
    await assert.rejects(sink.taken('c@d.example', 50), /no such mail within 50 ms; there are 1/);
    const waited = sink.taken('c@d.example');
    assert.deepEqual(await converse(sink.url, SAID), ['220', '250', '250', '250', '354', '250', '221']);
    const { from, to, mail } = await waited;
    assert.deepEqual([from, to, mail.subject, mail.text.trim()], ['a@b.example', ['c@d.example'], 'Zoë', 'hello']);
    assert.deepEqual(sink.arrivals.map(({ taken }) => taken), [false, true]);
  } finally {
    await sink.close();
  }
});
