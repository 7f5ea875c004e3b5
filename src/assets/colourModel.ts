/**
 * A Gaussian mixture over RGB (0..255) with full covariances: what colours a region has, after
 * Rother, Kolmogorov, Blake, "GrabCut: interactive foreground extraction using iterated graph cuts", 2004.
 */
export interface ColourModel {
  /** Per component: log weight minus the log of the normaliser, mean (3), inverse covariance (xx xy xz yy yz zz). */
  parts: Float64Array[]
}

const COMPONENTS = 5
const CLUSTER_ROUNDS = 6
/** Colours looked at while clustering; more change nothing. */
const SAMPLES = 20_000
/** Added to every variance: the noise of 8-bit pictures. Keeps flat colours from having none. */
const NOISE_VARIANCE = 2

/** Fits the mixture to the colours [n, 3] of the pixels listed in `pixels`. Deterministic. At least one pixel. */
export function fitColours(colours: Float32Array, pixels: Int32Array): ColourModel {
  const step = Math.max(1, Math.floor(pixels.length / SAMPLES))
  const sample = pixels.filter((_, i) => i % step === 0)
  const owner = cluster(colours, sample)
  const parts: Float64Array[] = []
  for (let k = 0; k < COMPONENTS; k++) {
    const part = fitPart(colours, sample, owner, k)
    if (part) parts.push(part)
  }
  return { parts }
}

/** k-means, started from colours that are far from each other (the farthest of a random few, with a fixed seed). */
function cluster(colours: Float32Array, sample: Int32Array): Uint8Array {
  const centres = [colourAt(colours, sample[sample.length >> 1])]
  const nearest = new Float64Array(sample.length).fill(Infinity)
  let random = 12345
  while (centres.length < COMPONENTS) {
    const last = centres[centres.length - 1]
    let total = 0
    for (let i = 0; i < sample.length; i++) {
      nearest[i] = Math.min(nearest[i], distance(colours, sample[i] * 3, last))
      total += nearest[i]
    }
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0
    let target = (random / 4294967296) * total
    let pick = 0
    while (pick < sample.length - 1 && (target -= nearest[pick]) > 0) pick++
    centres.push(colourAt(colours, sample[pick]))
  }
  const owner = new Uint8Array(sample.length)
  for (let round = 0; round < CLUSTER_ROUNDS; round++) {
    const sums = centres.map(() => [0, 0, 0, 0])
    for (let i = 0; i < sample.length; i++) {
      let best = Infinity
      for (let k = 0; k < COMPONENTS; k++) {
        const d = distance(colours, sample[i] * 3, centres[k])
        if (d < best) {
          best = d
          owner[i] = k
        }
      }
      const sum = sums[owner[i]]
      for (let c = 0; c < 3; c++) sum[c] += colours[sample[i] * 3 + c]
      sum[3]++
    }
    sums.forEach(([r, g, b, count], k) => {
      if (count > 0) centres[k] = [r / count, g / count, b / count]
    })
  }
  return owner
}

const colourAt = (colours: Float32Array, pixel: number): number[] => [
  colours[pixel * 3],
  colours[pixel * 3 + 1],
  colours[pixel * 3 + 2],
]

function distance(colours: Float32Array, at: number, to: number[]): number {
  return (colours[at] - to[0]) ** 2 + (colours[at + 1] - to[1]) ** 2 + (colours[at + 2] - to[2]) ** 2
}

function fitPart(
  colours: Float32Array,
  sample: Int32Array,
  owner: Uint8Array,
  k: number,
): Float64Array | null {
  const mean = [0, 0, 0]
  const second = [0, 0, 0, 0, 0, 0] // xx xy xz yy yz zz
  let count = 0
  for (let i = 0; i < sample.length; i++) {
    if (owner[i] !== k) continue
    count++
    const [r, g, b] = colourAt(colours, sample[i])
    mean[0] += r
    mean[1] += g
    mean[2] += b
    ;[r * r, r * g, r * b, g * g, g * b, b * b].forEach((value, j) => (second[j] += value))
  }
  if (count === 0) return null
  const [x, y, z] = mean.map((sum) => sum / count)
  const products = [x * x, x * y, x * z, y * y, y * z, z * z]
  const [xx, xy, xz, yy, yz, zz] = second.map(
    (sum, j) => sum / count - products[j] + (j === 0 || j === 3 || j === 5 ? NOISE_VARIANCE : 0),
  )
  const cofactors = [
    yy * zz - yz * yz,
    xz * yz - xy * zz,
    xy * yz - xz * yy,
    xx * zz - xz * xz,
    xy * xz - xx * yz,
    xx * yy - xy * xy,
  ]
  const determinant = xx * cofactors[0] + xy * cofactors[1] + xz * cofactors[2]
  const constant = Math.log(count / sample.length) - 0.5 * Math.log(determinant)
  return Float64Array.of(constant, x, y, z, ...cofactors.map((value) => value / determinant))
}

/** Minus the log of how likely a colour is, up to a constant that all models share. */
export function colourCost(model: ColourModel, red: number, green: number, blue: number): number {
  let best = -Infinity
  let sum = 0
  for (const p of model.parts) {
    const x = red - p[1]
    const y = green - p[2]
    const z = blue - p[3]
    const exponent =
      p[4] * x * x + p[7] * y * y + p[9] * z * z + 2 * (p[5] * x * y + p[6] * x * z + p[8] * y * z)
    const log = p[0] - 0.5 * exponent
    if (log > best) {
      sum = sum * Math.exp(best - log) + 1
      best = log
    } else sum += Math.exp(log - best)
  }
  return -(best + Math.log(sum))
}
