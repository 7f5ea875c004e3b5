import { expect, it } from 'vitest'

import { noiseStream } from '@/pipelines/shared/latents'
import { philoxNormals } from '@/samplers/philox'

/** What seeds of 32 bits gave before there were longer ones. */
const BEFORE: [seed: number, stream: number, normals: number[]][] = [
  [
    0,
    0,
    [
      0.991137683391571, -0.9246625900268555, -0.6176089644432068, -0.48206859827041626, -0.15363822877407074,
      0.18082590401172638,
    ],
  ],
  [
    1,
    0,
    [
      0.38040074706077576, -0.29627788066864014, -0.2492334246635437, -1.00383722782135, 0.6269478797912598,
      -0.6339837908744812,
    ],
  ],
  [
    42,
    3,
    [
      -2.3877787590026855, 0.8490601778030396, -0.6570045351982117, -0.4657707214355469, 0.8527862429618835,
      0.7566486597061157,
    ],
  ],
  [
    123456,
    1,
    [
      -2.4258358478546143, -0.5452443361282349, 0.042661700397729874, 0.335155725479126, 0.8905824422836304,
      -0.24406936764717102,
    ],
  ],
  [
    4294967295,
    0,
    [
      0.27956193685531616, -0.03415849059820175, -0.7082447409629822, 0.040430307388305664,
      0.7085303068161011, -0.8753401637077332,
    ],
  ],
]

it.each(BEFORE)('seed %d, stream %d: the same bits as ever', (seed, stream, normals) => {
  expect([...philoxNormals(BigInt(seed), stream, normals.length)]).toEqual(normals)
  const draw = noiseStream('philox', String(seed))
  for (let i = 0; i < stream; i++) draw(4)
  expect([...draw(normals.length)]).toEqual(normals)
})

const LONG = ['4294967296', '4294967303', '9007199254740993', '18446744073709551615']
const low = (seed: string) => String(BigInt.asUintN(32, BigInt(seed)))

it.each(LONG)('of the seed %s every bit counts', (seed) => {
  const [whole, part] = [noiseStream('philox', seed)(64), noiseStream('philox', low(seed))(64)]
  expect(whole).not.toEqual(part)
  expect(whole).toEqual(noiseStream('philox', seed)(64))
  expect(noiseStream('philox', String(BigInt(seed) - 1n))(64)).not.toEqual(whole)
})

it.each(LONG)('as torch, the seed %s is its low 32 bits', (seed) => {
  expect(noiseStream('torch', seed)(64)).toEqual(noiseStream('torch', low(seed))(64))
})
