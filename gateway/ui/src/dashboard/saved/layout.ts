// Where the widgets of a dashboard are: a grid of twelve columns without gaps from above and without overlaps. Pure: what is moved
// keeps its place, the others make room below it, and then everything rises as far as it can.
export interface Place {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export const COLUMNS = 12;
const TALLEST = 24;
const NARROWEST = 2;

export type Move = 'left' | 'right' | 'up' | 'down' | 'wider' | 'narrower' | 'taller' | 'shorter';

function meet(a: Place, b: Place): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

const inOrder = (places: readonly Place[]) => [...places].sort((a, b) => a.y - b.y || a.x - b.x);

/** At the first free line, from `y` on. */
function fallen(place: Place, above: readonly Place[]): Place {
  let next = place;
  while (above.some((other) => meet(next, other))) next = { ...next, y: next.y + 1 };
  return next;
}

function risen(place: Place, above: readonly Place[]): Place {
  let next = place;
  while (next.y > 0 && !above.some((other) => meet({ ...next, y: next.y - 1 }, other))) next = { ...next, y: next.y - 1 };
  return next;
}

/** The same widgets, line by line, without overlaps and gaps. */
export function settled(places: readonly Place[], first?: Place): Place[] {
  const apart: Place[] = first ? [first] : [];
  for (const place of inOrder(places)) if (place.id !== first?.id) apart.push(fallen(place, apart));
  const done: Place[] = [];
  for (const place of inOrder(apart)) done.push(risen(place, done));
  return inOrder(done);
}

/** The first place, line by line, where something of this size fits. */
export function freePlace(places: readonly Place[], { width, height }: Pick<Place, 'width' | 'height'>): Omit<Place, 'id'> {
  const lowest = Math.max(0, ...places.map(({ y, height }) => y + height));
  for (let y = 0; y < lowest; y += 1) {
    for (let x = 0; x + width <= COLUMNS; x += 1) {
      if (!places.some((other) => meet({ id: '', x, y, width, height }, other))) return { x, y, width, height };
    }
  }
  return { x: 0, y: lowest, width, height };
}

function changed({ ...place }: Place, move: Move, steps: number): Place | null {
  switch (move) {
    case 'left':
      place.x -= steps;
      break;
    case 'right':
      place.x += steps;
      break;
    case 'up':
      place.y -= steps;
      break;
    case 'down':
      place.y += steps;
      break;
    case 'wider':
      place.width += steps;
      // At the right edge it grows to the left.
      place.x = Math.min(place.x, COLUMNS - place.width);
      break;
    case 'narrower':
      place.width -= steps;
      break;
    case 'taller':
      place.height += steps;
      break;
    case 'shorter':
      place.height -= steps;
      break;
  }
  const isInside = place.x >= 0 && place.y >= 0 && place.x + place.width <= COLUMNS;
  const hasSize = place.width >= NARROWEST && place.height >= 1 && place.height <= TALLEST;
  return isInside && hasSize ? place : null;
}

const signature = (places: readonly Place[]) => places.map(({ id, x, y, width, height }) => [id, x, y, width, height].join()).join(';');

export const areSame = (a: readonly Place[], b: readonly Place[]) => signature(a) === signature(b);

/** The layout after a move; `null` = there is no way. Up and down go past the neighbour, however tall it is. */
export function moved(places: readonly Place[], id: string, move: Move): Place[] | null {
  const place = places.find((place) => place.id === id);
  if (!place) return null;
  const farthest = move === 'up' || move === 'down' ? TALLEST : 1;
  for (let steps = 1; steps <= farthest; steps += 1) {
    const next = changed(place, move, steps);
    if (next === null) return null;
    const layout = settled(places, next);
    if (!areSame(layout, settled(places))) return layout;
  }
  return null;
}
