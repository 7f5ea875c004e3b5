import type { settings as german } from '@/words/de/settings'

export const settings: Readonly<Record<keyof typeof german, string>> = {
  Settings: '設定',
  'Show me around': 'ツアーを見る',
  Language: '言語',
  Theme: 'テーマ',
  System: 'システム',
  'Light|theme': 'ライト',
  'Dark|theme': 'ダーク',
  Contrast: 'コントラスト',
  'High|contrast': '高',
  'Scrolling on the canvas': 'キャンバス上のスクロール',
  Automatic: '自動',
  Zooms: '拡大・縮小',
  Pans: '移動',
  'Automatic: a mouse’s wheel zooms, two fingers on a trackpad pan. A pinch, or {key} with the wheel, always zooms.':
    '自動：マウスホイールで拡大・縮小、トラックパッドの2本指で移動します。ピンチ、または {key} とホイールはいつでも拡大・縮小です。',
  'Pictures in memory: {used}. Beyond a budget of about {most}, large ones are drawn from smaller copies.':
    'メモリ内の画像: {used}。目安の約{most}を超えると、大きな画像は縮小したコピーで表示されます。',
  'Inlay {version}.': 'Inlay {version}',
  'Software and pictures of others in it': '使用しているソフトウェアと画像',
}
