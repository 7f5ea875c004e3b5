/** Where a foreground stands: sizes that follow the ground, sides of the picture, even gaps, sums in fields. */
import { background, ball } from './pictures'
import { expect, test, type Studio } from './studio'

const boxes = async (studio: Studio) =>
  (await studio.document()).layers.flatMap((layer) => (layer.kind === 'foreground' ? [layer.box] : []))

const middle = ({ x, y, width, height }: { x: number; y: number; width: number; height: number }) => ({
  x: x + width / 2,
  y: y + height / 2,
})

test('what is dragged away grows smaller, with Alt it does not; sums, sides and gaps', async ({
  page,
  studio,
}) => {
  await studio.open({ tiny: true })
  await studio.setBackground(background(640, 480))
  await studio.addForeground(ball())
  await studio.lightByHand()
  const [before] = await boxes(studio)
  const from = middle(before)

  await studio.drag(from, { x: from.x, y: from.y - 60 })
  const [far] = await boxes(studio)
  expect(far.width).toBeLessThan(before.width * 0.9)
  expect(far.width / far.height).toBeCloseTo(before.width / before.height)
  await studio.get('undo').click()
  expect((await boxes(studio))[0]).toEqual(before)

  await page.keyboard.down('Alt')
  await studio.drag(from, { x: from.x, y: from.y - 60 })
  await page.keyboard.up('Alt')
  expect((await boxes(studio))[0].width).toBe(before.width)
  await studio.get('undo').click()
  await studio.get('sizes-follow').uncheck()
  await studio.drag(from, { x: from.x, y: from.y - 60 })
  expect((await boxes(studio))[0].width).toBe(before.width)

  const left = page.getByRole('spinbutton', { name: /Left edge/ })
  await left.fill('50% - 20')
  await left.press('Enter')
  await expect(left).toHaveValue('300')
  await left.press('Shift+ArrowDown')
  await left.press('ArrowUp')
  await expect(left).toHaveValue('291')
  await left.fill('half')
  await left.press('Enter')
  await expect(page.getByText(/no sum of numbers/)).toBeVisible()
  await expect(left).toHaveValue('291')

  // By keyboard: the buttons are in reach of Tab.
  const toRight = studio.get('align-right')
  await toRight.focus()
  await page.keyboard.press('Enter')
  const [right] = await boxes(studio)
  expect(right.x + right.width).toBeCloseTo(640, 0)
  await expect(studio.get('distribute-x')).toBeDisabled()
  for (let copy = 0; copy < 2; copy++) await page.keyboard.press('Control+d')
  await studio.get('align-left').click()
  await studio.get('distribute-x').click()
  const [a, b, c] = (await boxes(studio)).sort((one, other) => one.x - other.x)
  expect(b.x - a.x - a.width).toBeCloseTo(c.x - b.x - b.width, -0.5)
  await page.screenshot({ path: test.info().outputPath('arranged.png') })
  await studio.get('undo').click()
  expect((await boxes(studio)).filter(({ x }) => x > 300)).toHaveLength(2)
})
