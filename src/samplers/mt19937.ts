/**
 * PyTorch's CPU generator, reimplemented from its published algorithm: MT19937 seeded with the low 32 bits, and
 * its way to normals (specs: golden case noise-mt19937). Lets a seed mean the same noise as in the peers.
 */

const N = 624
const M = 397

export class Mt19937 {
  private readonly state = new Uint32Array(N)
  private index = N
  /** The second normal of a scalar pair survives to the next call. */
  private cached: number | null = null

  constructor(seed: number | bigint) {
    this.state[0] = Number(BigInt(seed) & 0xffffffffn)
    for (let i = 1; i < N; i++) {
      const before = this.state[i - 1] ^ (this.state[i - 1] >>> 30)
      this.state[i] = Math.imul(1812433253, before) + i
    }
  }

  /** 32 random bits. */
  nextU32(): number {
    if (this.index === N) this.refill()
    let y = this.state[this.index++]
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    y ^= y >>> 18
    return y >>> 0
  }

  private refill(): void {
    const s = this.state
    for (let i = 0; i < N; i++) {
      const y = (s[i] & 0x80000000) | (s[(i + 1) % N] & 0x7fffffff)
      s[i] = s[(i + M) % N] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0)
    }
    this.index = 0
  }

  /** f32 uniform in [0,1): 24 bits. */
  uniform(): number {
    return (this.nextU32() & 0xffffff) / 2 ** 24
  }

  /** f64 uniform in [0,1): 53 bits, high word drawn first. */
  private uniform53(): number {
    const high = this.nextU32()
    const low = this.nextU32()
    return ((high & 0x1fffff) * 2 ** 32 + low) / 2 ** 53
  }

  /** torch.rand(count). */
  rand(count: number): Float32Array {
    return Float32Array.from({ length: count }, () => this.uniform())
  }

  /** torch.randn(count) in f32. */
  randn(count: number): Float32Array {
    if (count < 16) return Float32Array.from({ length: count }, () => this.scalarNormal())
    return Float32Array.from(this.blockNormals(count, () => this.uniform(), Math.fround))
  }

  /** torch.randn(count, dtype=float64). */
  randn64(count: number): Float64Array {
    if (count < 16) return Float64Array.from({ length: count }, () => this.scalarNormal())
    return this.blockNormals(
      count,
      () => this.uniform53(),
      (value) => value,
    )
  }

  /** torch.randperm(count) for small counts. */
  randperm(count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, i) => i)
    for (let i = 0; i < count - 1; i++) {
      const j = i + (this.nextU32() % (count - i))
      const kept = order[i]
      order[i] = order[j]
      order[j] = kept
    }
    return order
  }

  private scalarNormal(): number {
    if (this.cached !== null) {
      const value = this.cached
      this.cached = null
      return value
    }
    const u1 = this.uniform53()
    const u2 = this.uniform53()
    const radius = Math.sqrt(-2 * Math.log1p(-u2))
    this.cached = radius * Math.sin(2 * Math.PI * u1)
    return radius * Math.cos(2 * Math.PI * u1)
  }

  /** Box-Muller over blocks of 16; a ragged end redraws the last 16 values. */
  private blockNormals(count: number, draw: () => number, round: (value: number) => number): Float64Array {
    const data = new Float64Array(count)
    for (let i = 0; i < count; i++) data[i] = draw()
    const transform = (start: number) => {
      for (let j = start; j < start + 8; j++) {
        const u1 = round(1 - data[j])
        const u2 = data[j + 8]
        const radius = round(Math.sqrt(round(-2 * Math.log(u1))))
        const theta = 2 * Math.PI * u2
        data[j] = radius * Math.cos(theta)
        data[j + 8] = radius * Math.sin(theta)
      }
    }
    for (let start = 0; start + 16 <= count; start += 16) transform(start)
    if (count % 16) {
      for (let i = count - 16; i < count; i++) data[i] = draw()
      transform(count - 16)
    }
    return data
  }
}
