// Options of Place as a job of the headless page.
import { readSample } from './samples.mjs'

/** @param {import('./fuseOptions.mjs').FuseOptions} options @returns {import('./fuseRun.mjs').Job} */
export function placeJob(options) {
  const { pictures, stretch, prompt, steps, seed, strength, lighting, layers, klein } = options
  const { backend, arithmetic, out } = options
  const { lights, horizon, fov } = lighting
  const sample = pictures ? null : readSample()
  const told = {
    ...{ prompt, seed, steps, strength },
    background: sample ? sample.background : { file: pictures?.background },
    foregrounds: (sample ?? pictures)?.foregrounds.map((one) => ({ stretch, ...one })),
  }
  const common = {
    mode: /** @type {const} */ ('place'),
    engine: { backend, arithmetic },
    painter2: null,
    out,
  }
  if (klein)
    return {
      ...common,
      options: {
        ...told,
        model: 'klein',
        klein: { ...klein.settings, variations: klein.variations },
        memoryGB: klein.memoryGB,
      },
      packs: { precision: klein.precision, loras: klein.loras, base: 'flux2' },
      weights: klein.weights,
      precisions: [klein.precision ?? 'q4'],
      kept: klein.kept,
      layers: null,
    }
  return {
    ...common,
    options: {
      ...told,
      lights: lights.map(({ azimuth, elevation, disc, share }) => ({
        ...{ azimuthDegrees: azimuth, elevationDegrees: elevation, discDegrees: disc, share },
      })),
      horizon: horizon && { row: horizon.row, tiltDegrees: horizon.tilt },
      fovDegrees: fov,
      // Words choose among what is read.
      scene: prompt === '' ? (sample?.scene ?? null) : null,
    },
    ...{ packs: null, weights: [], precisions: [], kept: null, layers },
  }
}
