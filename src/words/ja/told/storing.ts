import type { storing as german } from '@/words/de/told/storing'

export const storing: Readonly<Record<keyof typeof german, string>> = {
  'The new version waits, because your last changes are not saved.':
    '最後の変更が保存されていないため、新しいバージョンは待機しています。',
  'Free some space, or download your picture, then try again.':
    '空き容量を作るか画像をダウンロードして、もう一度試してください。',
  'Another tab may have deleted it; its list of documents can bring it back.':
    '別のタブで削除されたのかもしれません。そのタブのドキュメント一覧から戻せます。',
  'This document is no longer in the list.': 'このドキュメントはもう一覧にありません。',
  'All else of it is there. Where you still have those files, drop them in and save it again.':
    'それ以外はすべてあります。ファイルが手元にあれば、ドロップして保存し直してください。',
  '“{name}” lacks 1 picture that this browser no longer had when it was saved.':
    '「{name}」には、保存時にこのブラウザーになかった画像が 1 枚欠けています。',
  '“{name}” lacks {n} pictures that this browser no longer had when it was saved.':
    '「{name}」には、保存時にこのブラウザーになかった画像が {n} 枚欠けています。',
  '“The project” lacks 1 picture that this browser no longer had when it was saved.':
    'このプロジェクトには、保存時にこのブラウザーになかった画像が 1 枚欠けています。',
  '“The project” lacks {n} pictures that this browser no longer had when it was saved.':
    'このプロジェクトには、保存時にこのブラウザーになかった画像が {n} 枚欠けています。',
  'They were set aside, not deleted: the list of documents has them, for you to download.':
    '削除せずに取り分けてあります。ドキュメント一覧からダウンロードできます。',
  'It was set aside, not deleted: the list of documents has it, for you to download.':
    '削除せずに取り分けてあります。ドキュメント一覧からダウンロードできます。',
  'A document could not be read.': '読み込めないドキュメントがありました。',
  'Some results could not be read.': '読み込めない結果がありました。',
  'The copy could not be written.': 'コピーを書き込めませんでした。',
  'Choose another folder, or free space on that disk; what is installed here is untouched.':
    '別のフォルダーを選ぶか、ディスクの空き容量を増やしてください。ここにインストール済みのものは変わりません。',
  '{told} could not be written.': '{told}を書き込めませんでした。',
  'The archive': 'アーカイブ',
  'The project file': 'プロジェクトファイル',
  'Choose another place, or free space on that disk; {told}.':
    '別の場所を選ぶか、ディスクの空き容量を増やしてください。{told}。',
  'the pairs are still kept here': 'ペアはここに残っています',
  'the document is still kept here': 'ドキュメントはここに残っています',
  'The last fuse was cut off before it had ended.': '前回の合成は終わる前に中断されました。',
  'Your document is as you left it.': 'ドキュメントは最後の状態のままです。',
  'Pictures that waited in the queue were cut off before they had begun.':
    'キューで待っていた画像は、始まる前に中断されました。',
  'Press Fuse again for those that you want.': '必要なものは、もう一度「合成」を押してください。',
  'The last sampling was cut off before it had ended.': '前回の生成は終わる前に中断されました。',
  'The pictures that were finished are in the gallery.': 'できた画像はギャラリーにあります。',
  'Making pairs was cut off before it had ended.': 'ペアの作成は終わる前に中断されました。',
  'Those that were finished are kept; make the others again from the gallery.':
    'できたものは保存されています。残りはギャラリーから作り直してください。',
  'The last drafts were cut off before they had ended.': '前回の試作は終わる前に中断されました。',
  'Those that were finished are there.': 'できたものは残っています。',
  'Opening pictures was cut off before it had ended.': '画像を開く処理は終わる前に中断されました。',
  'Drop those that are missing in once more.': '足りないものをもう一度ドロップしてください。',
  'Importing a model was cut off before it had ended.': 'モデルの取り込みは終わる前に中断されました。',
  'What was written is kept; the import goes on from there.':
    '書き込んだ分は残っています。取り込みはそこから続きます。',
  'This is no {detail} that can be read: {detail2}.':
    '読み込めるアーカイブではありません（{detail}）：{detail2}。',
  'The archive cannot be read.': 'アーカイブを読み込めません。',
  'It may have been moved or changed since you chose it: choose it again.':
    '選んだ後に移動または変更されたのかもしれません。もう一度選んでください。',
  "The browser's storage is full.": 'ブラウザーのストレージがいっぱいです。',
  'Delete models or results that you no longer need, then try again: what has come stays.':
    '要らないモデルや結果を削除して、もう一度試してください。取得済みのものは残ります。',
  'A file of the studio could not be read.': 'スタジオのファイルを読み込めませんでした。',
  'Check the connection, then try again: what has come stays.':
    '接続を確認して、もう一度試してください。取得済みのものは残ります。',
  'A file of the studio is another than this version has.':
    'スタジオのファイルがこのバージョンのものと異なります。',
  'Reload the page, then try again.': 'ページを再読み込みして、もう一度試してください。',
  'This project file is broken: {detail}.': 'このプロジェクトファイルは壊れています：{detail}。',
  'Choose a .inlay file as the studio has written it; copy or download it again if it was cut off.':
    'スタジオが書き出したままの .inlay ファイルを選んでください。途中で切れている場合は、もう一度コピーまたはダウンロードしてください。',
  'A picture of this project is not in its file.': 'プロジェクトの画像がファイルの中にありません。',
  'Copy or download the project again, or save it again where it was made.':
    'プロジェクトをもう一度コピーまたはダウンロードするか、作成した場所で保存し直してください。',
  'A result in this project is not the one that was saved.':
    'このプロジェクトの結果が、保存されたものと異なります。',
  'This file tries to reach outside of itself, as no project does.':
    'このファイルは自身の外を参照しようとしています。本来のプロジェクトではありえません。',
  'It may be meant to do harm: ask whoever gave it to you to save the project again.':
    '悪意のあるファイルかもしれません。渡した人に、プロジェクトを保存し直すよう頼んでください。',
  'The list of contents of this project cannot be read.': 'このプロジェクトの目次を読み込めません。',
  'The recipe of a result in this project cannot be read.':
    'このプロジェクトの結果のレシピを読み込めません。',
  'The document in this project cannot be read.': 'このプロジェクトのドキュメントを読み込めません。',
  'Save the project again where it was made; nothing here has changed.':
    'プロジェクトを作成した場所で保存し直してください。ここでは何も変わっていません。',
  'This project was saved by a newer version of Inlay.':
    'このプロジェクトは新しいバージョンの Inlay で保存されています。',
  'Reload the studio to get its newest version, then open the project again.':
    'スタジオを再読み込みして最新版にしてから、プロジェクトを開き直してください。',
  'This document and its results do not fit into one project file of 4 GB.':
    'このドキュメントと結果は 4 GB のプロジェクトファイルに収まりません。',
  'Delete results that you no longer need, then save it again.':
    '要らない結果を削除して、もう一度保存してください。',
  'A picture in this project is damaged.': 'このプロジェクトの画像が壊れています。',
  'A picture in this project is too large.': 'このプロジェクトの画像が大きすぎます。',
  'Pictures have at most {n} megapixels; the studio itself saves none that is larger.':
    '画像は {n} メガピクセルまでです。スタジオ自身もそれより大きいものは保存しません。',
  'A picture in this project is not the one that was saved.':
    'このプロジェクトの画像が、保存されたものと異なります。',
  'A picture is damaged in storage.': '保存されている画像が壊れています。',
  '“{name}” is damaged in storage.': '保存されている「{name}」が壊れています。',
  'A picture is no longer stored in this browser.': 'このブラウザーにもう保存されていない画像があります。',
  '“{name}” is no longer stored in this browser.': '「{name}」はもうこのブラウザーに保存されていません。',
  'Drop the file in again.': 'ファイルをもう一度ドロップしてください。',
  'Drop the picture in again.': '画像をもう一度ドロップしてください。',
  'This pair is no longer whole in this browser.': 'このペアはこのブラウザーでもう完全ではありません。',
  'Remove it from the list and keep it again.': '一覧から取り除いて、もう一度保存してください。',
  'Opening the project was stopped.': 'プロジェクトを開くのを中止しました。',
  'Nothing of it was stored.': '何も保存されていません。',
  'It could not be deleted.': '削除できませんでした。',
  'What was set aside could not be read.': '取り分けたものを読み込めませんでした。',
  'The storage could not be read.': 'ストレージを読み込めませんでした。',
  'The picture could not be deleted.': '画像を削除できませんでした。',
  'The picture was saved with 8 bits a channel, not with 16.':
    '画像は1チャンネル16ビットではなく8ビットで保存されました。',
  'The picture could not be saved.': '画像を保存できませんでした。',
  'The picture could not be read.': '画像を読み込めませんでした。',
  'The document’s picture could not be saved.': 'ドキュメントの画像を保存できませんでした。',
  'What was deleted could not be cleared.': '削除したものを片付けられませんでした。',
  'The document could not be changed.': 'ドキュメントを変更できませんでした。',
  'The last document could not be opened.': '前回のドキュメントを開けませんでした。',
  'The document could not be opened.': 'ドキュメントを開けませんでした。',
  'The list of documents could not be read.': 'ドキュメント一覧を読み込めませんでした。',
  'The document could not be saved.': 'ドキュメントを保存できませんでした。',
  'The pair could not be removed.': 'ペアを取り除けませんでした。',
  'The pair could not be read.': 'ペアを読み込めませんでした。',
  'The kept pairs could not be read.': '保存したペアを読み込めませんでした。',
  'The pair could not be kept.': 'ペアを保存できませんでした。',
  'The project could not be stored.': 'プロジェクトを保存できませんでした。',
  'Older results could not be deleted.': '古い結果を削除できませんでした。',
  'The result could not be deleted.': '結果を削除できませんでした。',
  'The result could not be read.': '結果を読み込めませんでした。',
  'The history could not be read.': '履歴を読み込めませんでした。',
  'The result could not be saved.': '結果を保存できませんでした。',
  'The star could not be changed.': 'スターを変更できませんでした。',
  'What is no longer needed could not be cleared.': '要らなくなったものを片付けられませんでした。',
  'A private window may forbid storage; your work stays open here, download it before you close the tab.':
    'プライベートウィンドウでは保存できないことがあります。作業は開いたままなので、タブを閉じる前にダウンロードしてください。',
  '{told}: a newer version of the studio has been opened in this browser.':
    '{told}。このブラウザーで新しいバージョンのスタジオが開かれています。',
  "{told}: the browser's storage is full.": '{told}。ブラウザーのストレージがいっぱいです。',
  'Reload this tab to go on with that one; what was saved is still there.':
    'そのバージョンで続けるには、このタブを再読み込みしてください。保存した内容は残っています。',
  'Delete old results in the history, or free space on this device.':
    '履歴の古い結果を削除するか、このデバイスの空き容量を増やしてください。',
  'This result is no longer stored in this browser.': 'この結果はもうこのブラウザーに保存されていません。',
  'Fuse again from its recipe.': 'そのレシピからもう一度合成してください。',
  'The result could not be brought back.': '結果を元に戻せませんでした。',
  'A newer version of the studio may have written them; they stay where they are.':
    '新しいバージョンのスタジオが書いたのかもしれません。そのまま残ります。',
  '1 pair in storage cannot be read.': '保存されている 1 組のペアを読み込めません。',
  '{n} pairs in storage cannot be read.': '保存されている {n} 組のペアを読み込めません。',
  'The pair of “{name}” is broken: {detail}.': '「{name}」のペアは壊れています：{detail}。',
  'Export the archive again from where the pair was made.':
    'ペアを作成した場所からアーカイブを書き出し直してください。',
  'The pair could not be written: its numbers do not fit its description.':
    'ペアを書き込めませんでした。数値が説明と合いません。',
  'Align again; if it happens again, please report the detail below.':
    'もう一度 Align を実行してください。また起きる場合は、下の詳細を報告してください。',
  'This archive of preference pairs is broken: {detail}.': 'このペアのアーカイブは壊れています：{detail}。',
  'Export it again from where the pairs were made; what is kept here is untouched.':
    'ペアを作成した場所から書き出し直してください。ここに保存したものは変わりません。',
  '{n} pairs of {n2} GB do not fit into one archive.':
    '{n} 組のペア（{n2} GB）は1つのアーカイブに収まりません。',
  'Tick fewer of them and export several archives; training reads any number.':
    '選ぶ数を減らし、複数のアーカイブに分けて書き出してください。学習ではいくつでも読み込めます。',
  'Choose an archive that this studio has exported, as it was written.':
    'このスタジオが書き出したままのアーカイブを選んでください。',
  'This is no pair for training: the base’s steps draw no noise, so they have no probabilities.':
    '学習用のペアになりません。ベースのステップはノイズを引かないため、確率がありません。',
  'This is no pair for training: the target’s steps draw no noise, so they have no probabilities.':
    '学習用のペアになりません。ターゲットのステップはノイズを引かないため、確率がありません。',
  'This is no pair for training: the {detail}’s steps draw no noise, so they have no probabilities.':
    '学習用のペアになりません。ステップ（{detail}）がノイズを引かないため、確率がありません。',
  'Start base and reference from seeds rather than pictures, with eta above 0.':
    'ベースと参照を画像ではなくシードから、eta を 0 より大きくして始めてください。',
  'The balance is searched for on the open document. Press Fuse for what it is now, or choose the balance by hand.':
    'バランスは開いているドキュメントで探します。今の内容で「合成」を押すか、バランスを手動で選んでください。',
  'The mixture that waited was not made: its objects or settings are not as they were.':
    '待っていた混合は作られませんでした。オブジェクトまたは設定が変わっています。',
}
