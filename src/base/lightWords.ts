/** Words of light in a prompt, as a preference over drawn scenes: the network reads no words, they choose among its draws. */

/** What a word says; null: nothing of that. */
interface Meaning {
  /** Where the light comes from: 0 right, 90 behind the object, 180 left, 270 from the viewer. Degrees. */
  azimuth: number | null
  /** Degrees above the ground. */
  elevation: number | null
  /** Share of the light that comes from one direction, 0..1. */
  sharpness: number | null
}

const from = (azimuth: number): Meaning => ({ azimuth, elevation: null, sharpness: null })
const high = (elevation: number): Meaning => ({ azimuth: null, elevation, sharpness: null })
const sharp = (sharpness: number): Meaning => ({ azimuth: null, elevation: null, sharpness })
const both = (elevation: number, sharpness: number): Meaning => ({ azimuth: null, elevation, sharpness })

/** By what they say; in lower case, the letters of a text between anything that is no letter. */
const GROUPS: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  'From where': {
    left: from(180),
    right: from(0),
    behind: from(90),
    back: from(90),
    backlit: from(90),
    backlight: from(90),
    backlighting: from(90),
    front: from(270),
    frontal: from(270),
    flash: { azimuth: 270, elevation: 25, sharpness: 0.8 },
  },
  'When, and how high': {
    noon: both(75, 0.75),
    midday: both(75, 0.75),
    overhead: high(75),
    above: high(75),
    ceiling: high(75),
    afternoon: high(35),
    morning: high(20),
    evening: high(15),
    golden: high(15),
    dawn: high(10),
    dusk: both(15, 0.15),
    sunrise: both(10, 0.7),
    sunset: both(10, 0.7),
    low: high(15),
    high: high(65),
  },
  'From what': {
    sun: sharp(0.8),
    sunny: sharp(0.8),
    sunlight: sharp(0.8),
    sunshine: sharp(0.8),
    hard: sharp(0.8),
    harsh: sharp(0.8),
    spotlight: sharp(0.8),
    moon: sharp(0.6),
    moonlight: sharp(0.6),
    lamp: both(45, 0.6),
    lantern: both(45, 0.6),
    candle: both(20, 0.6),
    window: both(30, 0.4),
    night: both(45, 0.6),
  },
  Soft: {
    overcast: sharp(0.1),
    cloudy: sharp(0.1),
    clouds: sharp(0.1),
    fog: sharp(0.1),
    foggy: sharp(0.1),
    mist: sharp(0.1),
    misty: sharp(0.1),
    rain: sharp(0.1),
    rainy: sharp(0.1),
    diffuse: sharp(0.1),
    soft: sharp(0.15),
    shade: sharp(0.15),
    shady: sharp(0.15),
  },
}
const WORDS: Readonly<Record<string, Meaning>> = Object.assign({}, ...Object.values(GROUPS))

/** The words that are read, by what they say. */
export const LIGHT_WORDS: readonly { name: string; words: readonly string[] }[] = Object.entries(GROUPS).map(
  ([name, words]) => ({ name, words: Object.keys(words) }),
)

export interface LightWish {
  /** Unit vectors along the ground, summed: "left, behind" lies between. Null: no word of direction. */
  side: { x: number; z: number } | null
  elevation: number | null
  sharpness: number | null
}

/** What a prompt wishes of the light; null where no word of it is about light. The last word of a kind counts. */
export function lightWish(prompt: string): LightWish | null {
  const meanings = (prompt.toLowerCase().match(/\p{L}+/gu) ?? [])
    .filter((word) => Object.hasOwn(WORDS, word))
    .map((word) => WORDS[word])
  if (meanings.length === 0) return null
  const azimuths = meanings.flatMap(({ azimuth }) => (azimuth === null ? [] : [(azimuth * Math.PI) / 180]))
  const side = azimuths.reduce(
    (sum, azimuth) => ({ x: sum.x + Math.cos(azimuth), z: sum.z + Math.sin(azimuth) }),
    { x: 0, z: 0 },
  )
  return {
    // Left and right at once say nothing.
    side: Math.hypot(side.x, side.z) > 1e-6 ? side : null,
    elevation: meanings.findLast(({ elevation }) => elevation !== null)?.elevation ?? null,
    sharpness: meanings.findLast(({ sharpness }) => sharpness !== null)?.sharpness ?? null,
  }
}
