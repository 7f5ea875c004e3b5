import type { light as german } from '@/words/de/light'

export const light: Readonly<Record<keyof typeof german, string>> = {
  First: '1つ目',
  Second: '2つ目',
  'Add a second light': '2つ目の光を追加',
  'Light that is moved': '動かす光',
  'Remove the first light': '1つ目の光を取り除く',
  'Remove the second light': '2つ目の光を取り除く',
  'from the right, {degrees} degrees high': '右から、高さ {degrees} 度',
  'from the right, behind, {degrees} degrees high': '右後ろから、高さ {degrees} 度',
  'from behind, {degrees} degrees high': '後ろから、高さ {degrees} 度',
  'from the left, behind, {degrees} degrees high': '左後ろから、高さ {degrees} 度',
  'from the left, {degrees} degrees high': '左から、高さ {degrees} 度',
  'from the left, in front, {degrees} degrees high': '左手前から、高さ {degrees} 度',
  'from the front, {degrees} degrees high': '手前から、高さ {degrees} 度',
  'from the right, in front, {degrees} degrees high': '右手前から、高さ {degrees} 度',
  '{degrees}° high': '高さ {degrees}°',
  'By hand': '手動',
  Guessed: '推定',
  'A first guess from the picture, often wrong. Words of light in the prompt choose; whatever you move is yours.':
    '画像からの最初の推定で、外れることもよくあります。プロンプトの光の言葉で選べます。動かしたものはその設定が優先されます。',
  'As you set it.': '設定したとおりになります。',
  'Hardly any light from one side was found: the sky may be overcast, or the picture does not tell. Drag the light and raise Shadow to decide.':
    '一方向からの光がほとんど見つかりません。曇り空か、画像からは判断できないようです。光をドラッグし、「影」を上げて決めてください。',
  'Light and horizon': '光と水平線',
  'Guess, by seed': 'シードによる推定',
  'How much of the light comes from there; the rest comes from all sides.':
    '光のうち、その方向から来る割合です。残りは全方向から来ます。',
  'Of the second light.': '2つ目の光の影です。',
  Softness: '柔らかさ',
  'Where level lines meet, from the picture’s top edge. It decides how shadows lie.':
    '水平な線が集まる位置（画像の上端から）。影の落ち方が決まります。',
  'Roughness of the ground': '地面の粗さ',
  'Field of view': '画角',
  'Tilt of the horizon': '水平線の傾き',
  'Shades the object by the light that is set here.': 'ここで設定した光でオブジェクトに陰影をつけます。',
  'Brings brightness and colour towards the picture around it.': '明るさと色を周りの画像に近づけます。',
  'Takes the old background’s colour out of the outline.': '輪郭に残った元の背景の色を取り除きます。',
  'Adds the picture’s blur and noise where the object has less.':
    'オブジェクトに足りないぼけとノイズを画像に合わせて加えます。',
  'Lays the blades of a lawn over the feet of what stands in it.': '芝生に立つものの足元に草の葉を重ねます。',
  'Three lights that the photo may have': 'この写真でありうる3つの光',
  'Three lights that this photo may have. Choose one; Accept keeps it.':
    'この写真でありうる3つの光です。1つ選び、「適用」で採用します。',
}
