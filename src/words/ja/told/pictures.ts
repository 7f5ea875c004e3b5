import type { pictures as german } from '@/words/de/told/pictures'

export const pictures: Readonly<Record<keyof typeof german, string>> = {
  'A picture cannot get this size.': '画像をこのサイズにはできません。',
  'Choose a larger picture.': 'もっと大きな画像を選んでください。',
  'Lower the tolerance, paint over what is to be kept, or draw the box more loosely.':
    '許容値を下げるか、残す部分を塗るか、枠を広めに描いてください。',
  'Nothing would be left of the picture.': '画像に何も残りません。',
  'Choose it again, or another way to cut out.': 'もう一度選ぶか、別の切り抜き方法を選んでください。',
  'Looking for the main object was stopped.': '主なオブジェクトの検出を中止しました。',
  'What this picture needs is not there any more.': 'この画像に必要なものがなくなっています。',
  'Check that the studio is still being served, then try again.':
    'スタジオがまだ配信されているか確認して、もう一度試してください。',
  'The sample “{name}” could not be loaded.': 'サンプル「{name}」を読み込めませんでした。',
  'Choose a picture with something visible in it.': '何かが写っている画像を選んでください。',
  'Choose pictures with something visible in them.': '何かが写っている画像を選んでください。',
  'This picture is fully transparent.': 'この画像は完全に透明です。',
  'The whole picture resembles its corners.': '画像全体が四隅と似ています。',
  'Lower the tolerance, or draw a box instead.': '許容値を下げるか、代わりに枠を描いてください。',
  'Scaled down from {n} × {n2} to {n3} × {n4} pixels to fit in memory.':
    'メモリに収めるため、{n} × {n2} から {n3} × {n4} ピクセルに縮小しました。',
  '“{name}” is too large. It has {n} × {n2} pixels.':
    '「{name}」は大きすぎます。{n} × {n2} ピクセルあります。',
  '“{name}” is too large. The file has {n} MB.': '「{name}」は大きすぎます。ファイルは {n} MB あります。',
  'Scale it down to at most {n} pixels per side and {n2} megapixels.':
    '一辺 {n} ピクセル、合計 {n2} メガピクセル以下に縮小してください。',
  '“{name}” has no pixels.': '「{name}」にはピクセルがありません。',
  'Choose another file.': '別のファイルを選んでください。',
  '“{name}” ends too early.': '「{name}」は途中で切れています。',
  'Copy or download it again.': 'もう一度コピーまたはダウンロードしてください。',
  '“{name}” is damaged and cannot be read.': '「{name}」は壊れていて読み込めません。',
  'Open and save it again in another program.': '別のソフトで開いて保存し直してください。',
  'This browser cannot read the {format} file “{name}”.':
    'このブラウザーは {format} ファイル「{name}」を読み込めません。',
  'Save it as JPEG or PNG first.': '先に JPEG か PNG で保存してください。',
  '“{name}” is an SVG drawing.': '「{name}」は SVG の図です。',
  '“{name}” is a TIFF file.': '「{name}」は TIFF ファイルです。',
  'Export it as PNG first.': '先に PNG で書き出してください。',
  'Its colour profile cannot be read; its colours were taken as sRGB.':
    'カラープロファイルを読めないため、色は sRGB として扱いました。',
  'Its colours were converted from {name} to sRGB by the browser.':
    '色はブラウザーが {name} から sRGB に変換しました。',
  'Its colours were converted from {name} to sRGB.': '色を {name} から sRGB に変換しました。',
  'This picture ends too early: its last rows may be missing.':
    'この画像は途中で切れています。最後の部分が欠けているかもしれません。',
  'This kind of picture is read as the browser shows it.':
    'この種類の画像は、ブラウザーの表示どおりに読み込みます。',
  '“{name}” is not a picture that we know.': '「{name}」は対応している画像ではありません。',
  'Use PNG, JPEG, WebP, AVIF, GIF or BMP.': 'PNG、JPEG、WebP、AVIF、GIF、BMP のいずれかを使ってください。',
  'Of the Photoshop document the flat picture is used, not the layers.':
    'Photoshop ファイルは、レイヤーではなく統合画像を使います。',
  '“{name}” holds layers alone.': '「{name}」にはレイヤーしか入っていません。',
  'Save it as PNG and drop that.': 'PNG で保存して、それをドロップしてください。',
  'Its colours ({name}) were taken as sRGB: save it as PNG to keep them.':
    '色（{name}）は sRGB として扱いました。色を保つには PNG で保存してください。',
  '“{name}” is a Photoshop document, but not of 8-bit RGB.':
    '「{name}」は Photoshop ファイルですが、8 ビット RGB ではありません。',
  'This picture is made for print (CMYK); its colours were converted to RGB roughly.':
    'この画像は印刷用（CMYK）です。色はおおまかに RGB へ変換しました。',
  'This picture is animated; its first frame is used.':
    'この画像はアニメーションです。最初のコマを使います。',
  'This picture is damaged or cut short: what is missing is left transparent.':
    'この画像は壊れているか途中で切れています。欠けた部分は透明になります。',
  '“{name}” is empty.': '「{name}」は空です。',
  'Nothing in the box stands out from its surroundings.': '枠の中に、周囲から見分けられるものがありません。',
  'Draw the box closer around the object.': '枠をオブジェクトのすぐ近くに描いてください。',
  'The box does not enclose a part of the picture.': '枠が画像のどこも囲んでいません。',
  'Draw it around the object.': 'オブジェクトを囲むように描いてください。',
  'Paint over what is to be kept.': '残す部分を塗ってください。',
  'No object was found in this picture.': 'この画像にオブジェクトが見つかりませんでした。',
  'Paint over it, or draw a box around it.': 'それを塗るか、枠で囲んでください。',
  'The cut-out was stopped.': '切り抜きを中止しました。',
  'Start it again when you like.': 'いつでもやり直せます。',
  'The box lies outside the background.': '枠が背景の外にあります。',
  'Move it so that at least a part lies on the picture.':
    '少なくとも一部が画像に重なるように動かしてください。',
  'The box is too small to hold a picture.': '枠が小さすぎて画像が入りません。',
  'Draw a larger box.': 'もっと大きな枠を描いてください。',
  'The foreground is fully transparent.': '前景が完全に透明です。',
  'This PNG is damaged.': 'この PNG は壊れています。',
  'Save it again from another program.': '別のソフトで保存し直してください。',
  'This is not a PNG picture.': 'PNG 画像ではありません。',
  'This PNG is damaged or ends too early.': 'この PNG は壊れているか、途中で切れています。',
  'This PNG ends too early.': 'この PNG は途中で切れています。',
  'This picture has no pixels.': 'この画像にはピクセルがありません。',
  'Export it again from the program that made it.': '作成したソフトからもう一度書き出してください。',
  'Writing these layers would take more memory than a page is sure to get.':
    'これらのレイヤーの書き出しには、ページが確実に使える以上のメモリが必要です。',
  'Download PNG instead: it holds the picture without its layers.':
    '代わりに PNG をダウンロードしてください。レイヤーなしの画像が入ります。',
  'This picture has more layers than a Photoshop document of 2 GB is sure to hold.':
    'この画像は、2 GB の Photoshop ファイルに確実に入る以上のレイヤーを持っています。',
  'A Photoshop document is at most 30,000 pixels a side; this picture has {n} × {n2}.':
    'Photoshop ファイルは一辺 30,000 ピクセルまでです。この画像は {n} × {n2} あります。',
  'The recipe in this picture cannot be read.': 'この画像のレシピを読み込めません。',
  'It may come from a newer version of Inlay; the picture itself can still be used.':
    '新しいバージョンの Inlay のものかもしれません。画像そのものは使えます。',
  'Click into the prompt to paste text there; to add a picture, save it first and drop its file here.':
    'テキストを貼り付けるにはプロンプト欄をクリックしてください。画像を追加するには、先に保存してからファイルをここへドロップしてください。',
  'That is text, not a picture.': 'それはテキストで、画像ではありません。',
  'Save the picture first, then drop its file here.':
    '先に画像を保存して、そのファイルをここへドロップしてください。',
  'That is a link, not a picture.': 'それはリンクで、画像ではありません。',
  'Your document is intact. If it happens again with the same picture, save it anew from another program.':
    'ドキュメントは無事です。同じ画像でまた起きる場合は、別のソフトで保存し直してください。',
  'Working on this picture did not come to an end.': 'この画像の処理が終わりませんでした。',
  'It has been started again and your document is intact; try that again.':
    '再起動しました。ドキュメントは無事です。もう一度試してください。',
  'The part of the studio that works on pictures stopped unexpectedly.':
    'スタジオの画像処理部分が予期せず停止しました。',
  'Its encoder comes when it is first used: try again online, or choose another format.':
    'エンコーダーは初回使用時に取得されます。オンラインでもう一度試すか、別の形式を選んでください。',
  'Choose another format; PNG works everywhere.': '別の形式を選んでください。PNG ならどこでも使えます。',
  'This browser could not write the picture as {name}.':
    'このブラウザーでは画像を {name} で書き出せませんでした。',
  'Export it again whenever you like.': 'いつでも書き出し直せます。',
  'The picture was not written.': '画像は書き出されませんでした。',
  'The picture is too large.': '画像が大きすぎます。',
  'Pictures have at most {n} megapixels; the studio itself makes none that is larger.':
    '画像は {n} メガピクセルまでです。スタジオ自身もそれより大きいものは作りません。',
  'This browser cannot draw small pictures.': 'このブラウザーでは小さな画像を描けません。',
  'Download PNG instead.': '代わりに PNG をダウンロードしてください。',
  'What changed is no longer known.': '何が変わったかの情報がもうありません。',
  'Show the result again.': '結果をもう一度表示してください。',
  'A picture could not be saved.': '画像を保存できませんでした。',
  'Restore its recipe first; what is open now can be brought back with undo.':
    '先にそのレシピを復元してください。今開いている内容は「元に戻す」で戻せます。',
  'This result was made on another background.': 'この結果は別の背景で作られたものです。',
  'Fuse again.': 'もう一度合成してください。',
  'Reading the photo was stopped.': '写真の読み取りを中止しました。',
  '{file}: {told}': '{file}：{told}',
  'The studio works with 8 bits a channel; as a background this picture keeps its 16 for the export as PNG.':
    'スタジオは1チャンネル 8 ビットで処理します。背景にした場合、PNG の書き出し用に 16 ビットが残ります。',
  '16 bits per channel were reduced to 8.': '1チャンネル 16 ビットを 8 ビットに減らしました。',
  'This picture is not as large as its background, whose 16 bits it would have.':
    'この画像は、16 ビットの元になる背景と大きさが異なります。',
  'Export it with 8 bits a channel.': '1チャンネル 8 ビットで書き出してください。',
  'The background’s 16 bits are no longer stored.': '背景の 16 ビットのデータはもう保存されていません。',
  'Export the picture with 8.': '8 ビットで書き出してください。',
}
