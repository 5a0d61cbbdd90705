/** Chance that can be repeated: the same seed throws the same numbers. */
export class Dice {
  constructor(private state: number) {}

  /** From 0 up to but not including 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  upTo(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  oneOf<T>(things: readonly [T, ...T[]]): T {
    return things[this.upTo(things.length)] ?? things[0];
  }

  /** One of the names, each as often as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const names = Object.keys(weights) as [Name, ...Name[]];
    let left = this.next() * names.reduce((sum, name) => sum + weights[name], 0);
    for (const name of names) {
      left -= weights[name];
      if (left < 0) return name;
    }
    return names[0];
  }
}
