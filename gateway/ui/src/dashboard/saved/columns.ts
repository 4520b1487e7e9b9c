// A widget's answer as a table, for the eye, for the ear and as a file: one line for each group, or one for the figure.
import { NONE, tenth, whole } from '../format';
import type { Column } from '../Table';
import type { Say } from '../terms';
import { draftOf } from './draft';
import { unitOf } from './plot';
import { readQuery } from './query';
import type { Piece, Result, Row } from './questions';
import { DIMENSION_NAMES, FIGURE_NAMES, keyInWords, measureName } from './say';

export type Write = (value: number | null) => string;

/** How the figures of a widget are written: numbers of rows as whole ones. */
export function writeOf(piece: Piece): Write {
  const isCount = draftOf(piece).measure.startsWith('count');
  return (value) => (value === null ? NONE : isCount ? whole(value) : tenth(value));
}

export function nounOf(piece: Piece, say: Say): string {
  const { source, figure } = readQuery(piece.query);
  return say(figure === null ? measureName(source, draftOf(piece).measure) : FIGURE_NAMES[figure]);
}

export function groupColumns(piece: Piece, rows: readonly Row[], say: Say): Column<Row>[] {
  const unit = unitOf(piece.query);
  const write = writeOf(piece);
  const [first] = rows;
  const keys = (first?.keys ?? []).map(({ dimension }, index): Column<Row> => ({
    head: say(DIMENSION_NAMES[dimension]),
    value: ({ keys }) => {
      const key = keys[index];
      return key ? keyInWords(key, unit, say) : null;
    },
  }));
  return [...keys, { head: nounOf(piece, say), isNumber: true, value: ({ value }) => value, show: ({ value }) => write(value) }];
}

export function figureColumns(piece: Piece, say: Say): Column<Result>[] {
  return [
    { head: 'Figure', value: () => nounOf(piece, say) },
    { head: 'Now', isNumber: true, value: ({ value }) => value },
    { head: 'Before', isNumber: true, value: ({ before }) => before },
  ];
}
