// Chance that can be repeated: the same seed, the same documents.

/** A source of chance. (mulberry32) */
export class Random {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** A number from 0, below 1. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from 0, below `end`. */
  below(end) {
    return Math.floor(this.next() * end);
  }

  /** Whether something happens that happens so often. */
  chance(probability) {
    return this.next() < probability;
  }

  /** One of them. */
  of(list) {
    return list[this.below(list.length)];
  }
}
