/**
 * Something that is made once, by a promise that everybody shares. A promise that fails is forgotten, so that the next
 * who asks tries again instead of meeting an old failure.
 */
export class Once<T> {
  private made: Promise<T> | null = null

  /** What was made; `make` is called where nothing is, and at once. */
  get(make: () => Promise<T>): Promise<T> {
    if (this.made) return this.made
    const made = make()
    this.made = made
    made.catch(() => {
      if (this.made === made) this.made = null
    })
    return made
  }

  /** What was made or is being made, if anything. */
  peek(): Promise<T> | null {
    return this.made
  }

  /** Forgets it, and hands over what was made or is being made, to be let go. */
  take(): Promise<T> | null {
    const { made } = this
    this.made = null
    return made
  }
}

/** The same for many things by name. */
export class OnceEach<T> {
  private readonly made = new Map<string, Once<T>>()

  get(key: string, make: () => Promise<T>): Promise<T> {
    const one = this.made.get(key) ?? new Once<T>()
    this.made.set(key, one)
    return one.get(make)
  }

  /** Forgets one. */
  forget(key: string): void {
    this.made.delete(key)
  }

  /** Forgets one, and hands over what was made, or nothing. */
  async take(key: string): Promise<T | null> {
    const made = this.made.get(key)?.take() ?? null
    this.made.delete(key)
    return made && made.catch(() => null)
  }

  /** Forgets all, and hands over what was made; what failed, or fails yet, is left out. */
  async takeAll(): Promise<T[]> {
    const made = [...this.made.values()].flatMap((one) => one.take() ?? [])
    this.made.clear()
    const settled = await Promise.allSettled(made)
    return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  }
}
