import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { afterAll, describe, expect, test } from 'vitest'

import { extractRecipe } from '@/assets/recipe'

import { background, ball, notAnImage, transparent, type PictureFile } from '../e2e/pictures'
import { kleinLoraFiles, kleinSet, mixSet, type ModelFiles } from '../e2e/tinyModels'

const ROOT = new URL('..', import.meta.url).pathname
const LIMIT = 180_000

const folder = mkdtempSync(join(tmpdir(), 'inlay-fuse-'))
afterAll(() => rmSync(folder, { recursive: true }))

function put(picture: PictureFile): string {
  const path = join(folder, picture.name)
  writeFileSync(path, picture.buffer)
  return path
}

function fuse(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'scripts', 'fuse.mjs'), ...args], { cwd: ROOT })
    let [out, err] = ['', '']
    child.stdout.on('data', (part: Buffer) => (out += part.toString()))
    child.stderr.on('data', (part: Buffer) => (err += part.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

const recipeIn = (file: Buffer) => extractRecipe(Uint8Array.from(file))

const room = put(background(480, 360))
const cutOut = put(ball())
const common = ['--backend', 'cpu', '--steps', '2']

describe('npm run fuse on a project', () => {
  const project = join(ROOT, 'src', 'project', 'fixtures', 'v1.inlay')

  test('makes its picture again, from its file alone', { timeout: LIMIT }, async () => {
    const out = join(folder, 'project.png')
    const done = await fuse(project, '--backend', 'cpu', '--out', out)
    expect(done.code, done.err + done.out).toBe(0)
    expect(JSON.parse(done.out)).toMatchObject({ backend: 'cpu', width: 6, height: 4, out })
    expect(recipeIn(readFileSync(out))).toMatchObject({ mode: 'place', prompt: 'a red ball', seed: '77' })
  })

  test('says what is wrong with one that is cut off', { timeout: LIMIT }, async () => {
    const half = join(folder, 'half.inlay')
    writeFileSync(half, readFileSync(project).subarray(0, 3000))
    const done = await fuse(half, '--out', join(folder, 'none.png'))
    expect(done.code).toBe(1)
    expect(JSON.parse(done.out)).toMatchObject({ code: 'bad-archive' })
  })

  test('takes one project, and says so', async () => {
    const done = await fuse(project, project, '--out', join(folder, 'none.png'))
    expect(JSON.parse(done.out)).toMatchObject({ code: 'bad-arguments', message: 'Give one project file.' })
  })
})

describe('npm run fuse', () => {
  test("writes a picture of the background's size and one line of JSON", { timeout: LIMIT }, async () => {
    const out = join(folder, 'out.png')
    const place = ['--background', room, '--foreground', cutOut, '--box', '60,180,60,60']
    const done = await fuse(...place, ...common, '--seed', '7', '--out', out)
    expect(done.code, done.err + done.out).toBe(0)

    expect(done.out.trim().split('\n')).toHaveLength(1)
    expect(JSON.parse(done.out)).toMatchObject({
      backend: 'cpu',
      width: 480,
      height: 360,
      out,
      seconds: { total: expect.any(Number), composite: expect.any(Number) },
      peakBytes: expect.any(Number),
      modelHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })

    const before = decode(readFileSync(room))
    const after = decode(readFileSync(out))
    expect([after.width, after.height]).toEqual([480, 360])
    const differs = (pixel: number) => {
      const [i, j] = [pixel * before.channels, pixel * after.channels]
      return [0, 1, 2].some((channel) => before.data[i + channel] !== after.data[j + channel])
    }
    const changed = Array.from({ length: 480 * 360 }, (_, pixel) => pixel).filter(differs)
    expect(changed.length).toBeGreaterThan(500)
    // The object stands low at the left; the sky is far from it.
    expect(changed.filter((pixel) => pixel < 480 * 100)).toEqual([])

    const recipe = readFileSync(out).toString('latin1')
    expect(recipe).toContain('inlay-recipe')
  })

  test.each([
    ['not a picture', [put(notAnImage())], '10,10,50,50', 'bad-image'],
    ['nothing to see', [put(transparent())], '10,10,50,50', 'empty-foreground'],
    ['a box outside the picture', [cutOut], '2000,10,50,50', 'bad-box'],
  ])('says what is wrong with %s', { timeout: LIMIT }, async (_, [foreground], box, code) => {
    const out = join(folder, 'never.png')
    const place = ['--background', room, '--foreground', foreground, '--box', box]
    const done = await fuse(...place, ...common, '--out', out)
    expect(done.code).toBe(1)
    expect(JSON.parse(done.out)).toMatchObject({
      code,
      message: expect.stringMatching(/\w/),
      hint: expect.stringMatching(/\w/),
    })
    expect(existsSync(out)).toBe(false)
  })

  test('writes the layers of light that is set by hand', { timeout: 2 * LIMIT }, async () => {
    const place = ['--background', room, '--foreground', cutOut, '--box', '160,180,60,60', '--backend', 'cpu']
    const light = ['--light', '120,40', '--horizon', '144', '--fov', '55', '--out', join(folder, 'lit.png')]
    const psd = join(folder, 'lit.psd')
    const one = await fuse(...place, ...light, '--layers', psd)
    expect(one.code, one.err + one.out).toBe(0)
    expect(JSON.parse(one.out)).toMatchObject({ layers: psd })
    expect(readFileSync(psd).subarray(0, 4).toString()).toBe('8BPS')

    const layers = join(folder, 'lit-layers')
    const other = await fuse(...place, ...light, '--layers', layers)
    expect(other.code, other.err + other.out).toBe(0)
    const told = JSON.parse(readFileSync(join(layers, 'parameters.json'), 'utf8'))
    expect(told.layers.map(({ name }: { name: string }) => name)).toEqual([
      'Background',
      'Shadow',
      'Contact',
      'ball.png',
    ])
    expect(told).toMatchObject({
      camera: { fovDegrees: 55 },
      lights: [{ azimuthDegrees: 120, elevationDegrees: 40, discDegrees: 10 }],
      ambient: [expect.closeTo(0.4), expect.closeTo(0.4), expect.closeTo(0.4)],
      ground: { reflectance: 0 },
      foregrounds: [{ box: { x: 160, y: 180, width: 60, height: 60 }, seed: '1' }],
    })
    const files = told.layers.map(({ file }: { file: string }) => file)
    expect(readdirSync(layers).sort()).toEqual([...files, 'parameters.json'])
    for (const file of files) expect(decode(readFileSync(join(layers, file)))).toMatchObject({ width: 480 })
  })

  test('says at once what is wrong with its arguments', async () => {
    const done = await fuse('--background', room)
    expect(done.code).toBe(1)
    expect(JSON.parse(done.out)).toMatchObject({ code: 'bad-arguments' })
  })
})

/** A folder of models, as somebody has downloaded them. */
function putModels(name: string, sets: readonly ModelFiles[]): string {
  const models = join(folder, name)
  for (const [index, files] of sets.entries())
    for (const [file, bytes] of Object.entries(files)) {
      mkdirSync(join(models, String(index)), { recursive: true })
      writeFileSync(join(models, String(index), file), bytes)
    }
  return models
}

test(
  'npm run fuse -- --model klein imports a folder of weights once and places',
  { timeout: 3 * LIMIT },
  async () => {
    const out = join(folder, 'klein.png')
    const place = ['--background', room, '--foreground', cutOut, '--box', '60,180,60,60']
    const settings = ['--model', 'klein', '--cache', join(folder, 'kept'), '--backend', 'cpu', '--steps', '1']
    const weights = ['--weights', putModels('klein', kleinSet()), '--precision', 'q4']
    const two = await fuse(
      ...place,
      ...settings,
      ...weights,
      '--seed',
      '7',
      '--variations',
      '2',
      '--out',
      out,
    )
    expect(two.code, two.err + two.out).toBe(0)
    expect(JSON.parse(two.out)).toMatchObject({ backend: 'cpu', width: 480, height: 360, steps: 1, out })
    expect(two.err).toMatch(/detail lock did nothing/)
    const [first, second] = [out, join(folder, 'klein-2.png')].map((file) => readFileSync(file))
    expect(decode(second)).toMatchObject({ width: 480, height: 360 })
    expect(second.equals(first)).toBe(false)
    expect(recipeIn(first)).toMatchObject({ seed: '7', klein: { others: ['8'] } })
    expect(recipeIn(second)).toMatchObject({ seed: '8', klein: { others: ['7'] } })

    // The weights are kept, and so is the text.
    const again = await fuse(...place, ...settings, '--seed', '8', '--out', join(folder, 'again.png'))
    expect(again.code, again.err + again.out).toBe(0)
    expect(again.err).not.toMatch(/text 0\.\d/)
    expect(decode(readFileSync(join(folder, 'again.png'))).data).toEqual(decode(second).data)

    // An adapter that could be for FLUX.1 is for klein here.
    const lora = join(putModels('adapters', [kleinLoraFiles()]), '0', 'style.safetensors')
    const adapted = join(folder, 'adapted.png')
    const styled = await fuse(...place, ...settings, '--seed', '8', '--lora', `${lora}=-2`, '--out', adapted)
    expect(styled.code, styled.err + styled.out).toBe(0)
    expect(readFileSync(adapted).toString('latin1')).toContain('"weight":-2')
    expect(decode(readFileSync(adapted)).data).not.toEqual(decode(second).data)

    const none = await fuse(...place, '--model', 'klein', '--cache', join(folder, 'empty'), '--out', out)
    expect(none.code).toBe(1)
    expect(JSON.parse(none.out)).toMatchObject({ code: 'missing-asset' })
  },
)

test('npm run fuse -- --mode mix imports a folder of models and mixes', { timeout: LIMIT }, async () => {
  const models = putModels('models', mixSet())
  const out = join(folder, 'mixed.png')
  const objects = ['--object', cutOut, '--object', room, '--label', 'ball', '--label', 'room']
  const settings = ['--size', '256', '--steps', '2', '--backend', 'cpu', '--alpha', '0.5', '--models', models]
  const done = await fuse('--mode', 'mix', ...objects, ...settings, '--out', out)
  expect(done.code, done.err + done.out).toBe(0)
  expect(JSON.parse(done.out)).toMatchObject({ backend: 'cpu', width: 256, height: 256, out })
  expect(readFileSync(out).toString('latin1')).toContain('creatively fused with room')
})

const TINY = ['--painter2', join(ROOT, 'src', 'pipelines', 'fixtures', 'painter2-tiny'), '--backend', 'cpu']

test(
  'npm run fuse -- --mode align takes words of a prompt from one seed to another',
  { timeout: LIMIT },
  async () => {
    const out = join(folder, 'aligned.png')
    const said = [
      '--prompt',
      'a red ball above the house',
      '--words',
      'ball',
      '--base',
      '1',
      '--reference',
      '2',
    ]
    const done = await fuse('--mode', 'align', ...said, '--steps', '4', '--backend', 'cpu', '--out', out)
    expect(done.code, done.err + done.out).toBe(0)
    expect(JSON.parse(done.out)).toMatchObject({ backend: 'cpu', width: 64, height: 64, steps: 4, out })
    expect(recipeIn(readFileSync(out))).toMatchObject({
      ...{ mode: 'align', base: { seed: '1' }, reference: { seed: '2' } },
      words: [{ index: 2, threshold: expect.any(Number) }],
    })
    const other = await fuse('--mode', 'align', ...said, '--words', 'dog', '--backend', 'cpu', '--out', out)
    expect(JSON.parse(other.out)).toMatchObject({ code: 'bad-recipe', message: expect.stringMatching(/dog/) })
  },
)

test('npm run fuse -- --mode compose and mix run on the built-in model', { timeout: 2 * LIMIT }, async () => {
  const composed = join(folder, 'composed.png')
  const said = ['--reference', cutOut, '--prompt', 'a red owl', '--steps', '2', '--model', 'painter']
  const done = await fuse('--mode', 'compose', ...said, ...TINY, '--out', composed)
  expect(done.code, done.err + done.out).toBe(0)
  expect(recipeIn(readFileSync(composed))).toMatchObject({
    mode: 'compose',
    compose: { steps: 2, width: 128 },
  })

  // Without --model they are what is taken where they are there; the balance is found.
  const mixed = join(folder, 'mixed-built-in.png')
  const objects = ['--object', cutOut, '--object', room, '--label', 'ball', '--label', 'room', '--steps', '2']
  const other = await fuse('--mode', 'mix', ...objects, ...TINY, '--out', mixed)
  expect(other.code, other.err + other.out).toBe(0)
  expect(JSON.parse(other.out)).toMatchObject({ width: 128, height: 128 })
  expect(recipeIn(readFileSync(mixed))).toMatchObject({ mode: 'mix', search: { size: 128 } })
})

test('npm run fuse -- --grid makes a page of several settings', { timeout: LIMIT }, async () => {
  const out = join(folder, 'grid')
  const place = ['--background', room, '--foreground', cutOut, '--box', '160,180,60,60', '--fov', '55']
  const light = ['--horizon', '144', '--vary', 'light=120,40;300,20', '--backend', 'cpu']
  const done = await fuse(...place, ...light, '--grid', '--out', out)
  expect(done.code, done.err + done.out).toBe(0)
  expect(JSON.parse(done.out)).toEqual({ sheet: join(out, 'index.html'), pictures: 2 })
  const pictures = readdirSync(out).filter((name) => name.endsWith('.png'))
  expect(pictures).toEqual(['1-light-120-40.png', '2-light-300-20.png'])
  const [one, other] = pictures.map((name) => readFileSync(join(out, name)))
  expect(one.equals(other)).toBe(false)
  expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('light 300,20')
})

test.each([
  [['--mode', 'paint'], /--mode must be place, compose, align or mix, not "paint"/],
  [['--mode', 'align', '--prompt', 'a ball', '--word', 'ball'], /--word'/],
])('npm run fuse says what is wrong with %j', async (args, message) => {
  const done = await fuse(...args)
  expect(JSON.parse(done.out)).toMatchObject({
    code: 'bad-arguments',
    message: expect.stringMatching(message),
  })
})
