import type { start as german } from '@/words/de/start'

export const start: Readonly<Record<keyof typeof german, string>> = {
  'New: {name}, {about}': '新規：{name}、{about}',
  'Or go on with your documents': 'または前のドキュメントを続ける',
  'Or open what you saved': 'または保存したものを開く',
  'A horse on the mountain': '山の上の馬',
  'A chair in the autumn meadow': '秋の草原の椅子',
  'A lantern by the creek': '小川のほとりのランタン',
  'Against the evening sun': '夕日を背に',
  Horse: '馬',
  'Deck chair': 'デッキチェア',
  Football: 'サッカーボール',
  'Stone lantern': '石灯籠',
  Scooter: 'スクーター',
  '{step} of {steps}|tour': '{step} / {steps}',
  'End the tour': 'ツアーを終了',
  'Next|tour': '次へ',
  'Begin with a picture': '画像から始める',
  'Take one of these scenes, or drop a photo of your own anywhere.':
    'このシーンから選ぶか、自分の写真を画面のどこかにドロップしてください。',
  'Place an object': 'オブジェクトを置く',
  'Drag it to where it should stand; its corners scale and turn it. More cut-outs come by Add foreground, or are dropped on the picture.':
    '置きたい場所へドラッグします。角で拡大・縮小と回転ができます。切り抜きは「前景を追加」で増やすか、画像の上にドロップします。',
  'Turn the light': '光の向きを変える',
  'This sun is a handle. Drag it where the photo’s light comes from: the shadow follows.':
    'この太陽はハンドルです。写真の光が来る方向へドラッグすると、影も動きます。',
  'Makes the picture: light, shadow and contact at full size. Then accept it, or try another.':
    '光、影、接地の影を元のサイズで描いて画像を作ります。できあがったら適用するか、別のものを試します。',
  'Take it with you': '書き出す',
  'Export as JPEG, WebP, AVIF or Photoshop, or download the PNG. Your work is kept here meanwhile.':
    'JPEG、WebP、AVIF、Photoshopで書き出すか、PNGをダウンロードします。作業はここに残ります。',
}
