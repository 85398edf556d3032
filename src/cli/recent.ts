/** The last so many of something, oldest first, and how many there were in all. */
export class Recent<T> {
  readonly itemsMax: number;
  total = 0;
  #items: T[] = [];

  constructor(itemsMax: number) {
    this.itemsMax = itemsMax;
  }

  add(item: T): void {
    this.total += 1;
    this.#items.push(item);
    // Cut in bulk: shifting one by one would move the whole array for every item.
    if (this.#items.length >= 2 * this.itemsMax) this.#items = this.#items.slice(-this.itemsMax);
  }

  /** Oldest first; at most `many`. */
  last(many = this.itemsMax): readonly T[] {
    return many <= 0 ? [] : this.#items.slice(-Math.min(many, this.itemsMax));
  }
}
