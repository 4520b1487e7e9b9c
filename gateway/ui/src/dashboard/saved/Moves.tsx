// Where a widget goes and how large it is, by buttons: for the keyboard and the mouse alike.
import type { MouseEvent } from 'react';
import { flushSync } from 'react-dom';
import { moved, type Move, type Place } from './layout';

const MOVES: readonly (readonly [Move, sign: string, words: string])[] = [
  ['left', '←', 'left'],
  ['up', '↑', 'up'],
  ['down', '↓', 'down'],
  ['right', '→', 'right'],
];

const SIZES: readonly (readonly [Move, sign: string, words: string])[] = [
  ['narrower', '↔−', 'narrower'],
  ['wider', '↔+', 'wider'],
  ['shorter', '↕−', 'less tall'],
  ['taller', '↕+', 'taller'],
];

interface MovesProps {
  id: string;
  title: string;
  places: readonly Place[];
  onMove(places: Place[], said: string): void;
}

/** What the screen reader hears after a move: columns and lines as people count them. */
function inWords(title: string, { x, y, width, height }: Place): string {
  return `${title}: column ${x + 1}, line ${y + 1}, ${width} wide, ${height} tall`;
}

export function Moves({ id, title, places, onMove }: MovesProps) {
  const press = (move: Move) => (event: MouseEvent<HTMLButtonElement>) => {
    const layout = moved(places, id, move);
    const place = layout?.find((place) => place.id === id);
    if (!layout || !place) return;
    const button = event.currentTarget;
    flushSync(() => onMove(layout, inWords(title, place)));
    // The widgets stand in the document as on the page: the move took the button along, and the keyboard's place with it.
    button.focus();
  };
  const group = (name: string, moves: typeof MOVES) => (
    <div className="segments" role="group" aria-label={name}>
      {moves.map(([move, sign, words]) => (
        <button
          key={move}
          type="button"
          title={`${name.split(' ')[0]} ${words}`}
          aria-label={`${name.split(' ')[0]} ${title} ${words}`}
          // Not disabled: the keyboard would lose its place at the edge.
          aria-disabled={moved(places, id, move) === null}
          onClick={press(move)}
        >
          {sign}
        </button>
      ))}
    </div>
  );
  return (
    <>
      {group(`Move ${title}`, MOVES)}
      {group(`Make ${title}`, SIZES)}
    </>
  );
}
