import type { cutouts as german } from '@/words/de/cutouts'

export const cutouts: Readonly<Record<keyof typeof german, string>> = {
  'Cut out the object': 'オブジェクトを切り抜く',
  '{name} has no transparency.': '{name} には透明な部分がありません。',
  'Use as is': 'そのまま使う',
  'Use cut-out': '切り抜きを使う',
  'How to cut out': '切り抜きの方法',
  'Main object': '主なオブジェクト',
  'Is found by itself; paint to add or take away.': '自動で検出します。塗って足したり除いたりできます。',
  'Plain background': '無地の背景',
  'Removes the colour of the corners. Best for studio shots.':
    '四隅の色を取り除きます。スタジオ写真に最適です。',
  'Draw a box': '枠で囲む',
  'Drag a box around the object; its outline is found inside.':
    'オブジェクトを囲むように枠をドラッグすると、その中の輪郭を検出します。',
  'Keep as is': 'そのままにする',
  'Uses the whole rectangle.': '長方形全体を使います。',
  'Looking for the main object': '主なオブジェクトを探しています',
  'Finding the outline': '輪郭を検出しています',
  'Cutting out at full size': '元のサイズで切り抜いています',
  'The main object could not be found by itself.': '主なオブジェクトを自動で検出できませんでした。',
  'The other ways work without it.': 'ほかの方法は使えます。',
  'Specks are removed': 'ゴミを取り除きます',
  'Remove 1 speck': 'ゴミを1か所取り除く',
  'Remove {count} specks': 'ゴミを{count}か所取り除く',
  'Paint to correct the cut-out': '塗って切り抜きを修正',
  'The cut-out on a checkerboard': '市松模様の上の切り抜き',
  'The picture': '画像',
  Tolerance: '許容範囲',
  'Soft edge': '縁のぼかし',
  'Nearly everything': 'ほぼ全体',
  'Clear|box': '枠を消す',
  'Paint to correct it': '塗って修正',
  'X or Alt: the other. Shift: a line from the last place. [ and ]: size.':
    'XまたはAlt：切り替え。Shift：直前の位置からの直線。[ と ]：サイズ。',
  'Undo the last stroke': '最後のストロークを元に戻す',
  'Paint it again': 'ストロークをやり直す',
  'Importing {name} …': '{name} を取り込んでいます…',
  'Reading what that is …': '内容を確認しています…',
  'Drop u2netp, ISNet, BiRefNet, RMBG or MODNet here, as ONNX, and it looks instead.':
    'u2netp、ISNet、BiRefNet、RMBG、MODNetのONNXファイルをここにドロップすると、代わりにそれで検出します。',
  'Found by': '検出に使うもの',
  'The built-in network': '内蔵のネットワーク',
  '“{name}” cannot be used; the built-in network looks.':
    '「{name}」は使えないため、内蔵のネットワークで検出します。',
  'Found by the browser.': 'ブラウザーが検出しました。',
  'A guess: the browser finds no faces. Drag a frame of your own.':
    'ブラウザーで顔を検出できないため、推定した位置です。自分で枠をドラッグしてください。',
  'Drag a square around the face. Hair belongs to it, shoulders do not.':
    '顔を囲む正方形をドラッグしてください。髪は含め、肩は含めません。',
  'Size of the frame': '枠の大きさ',
  'Left and right': '左右',
  'Up and down': '上下',
  Suggest: '自動で枠を付ける',
  'Whole picture': '画像全体',
  'Without a frame the whole picture is used, as a subject.':
    '枠がない場合は、画像全体を被写体として使います。',
}
