import type { pairs as german } from '@/words/de/pairs'

export const pairs: Readonly<Record<keyof typeof german, string>> = {
  'The better half as references, the worse half as bases, one each.':
    'よい方の半分を参照、残りをベースとして1対1で組みます。',
  'The best quarter twice as references, the worse half as bases.':
    '上位4分の1を2回ずつ参照に、下位半分をベースにします。',
  Pairs: 'ペア',
  'Drawn from the gallery': 'ギャラリーからの組み方',
  'As the paper': '論文と同じ',
  'As its code': 'コードと同じ',
  'Fuse all {count} pairs': '{count} 組すべてを合成',
  'nothing scored it, the target wins': '評価なし、ターゲットの勝ち',
  'nothing scored it, the reference wins': '評価なし、参照の勝ち',
  'the target was adopted': 'ターゲットを採用',
  'the target was not adopted, so the reference wins': 'ターゲットは不採用のため、参照の勝ち',
  '{winner} over {base}': '{winner} 対 {base}',
  'not scored': '評価なし',
  'Tick the pair of “{prompt}” for export': '「{prompt}」のペアを書き出し対象にする',
  'Target wins': 'ターゲットの勝ち',
  'Reference wins': '参照の勝ち',
  'Remove the pair of “{prompt}”': '「{prompt}」のペアを取り除く',
  'Remove this pair?': 'このペアを取り除きますか？',
  'Remove it, {size}?': '取り除きますか（{size}）？',
  Winner: '勝者',
  Loser: '敗者',
  'Preference pairs': '選好ペア',
  'none yet': 'まだなし',
  'Show {count} more': 'さらに {count} 件表示',
  'A pair tells training which of two pictures fits the prompt better. Align, then keep the result here.':
    'ペアは、2枚のうちどちらがプロンプトに合うかを学習に伝えます。合成してから、結果をここに残してください。',
  'Keep this pair': 'このペアを残す',
  'Nothing scores these pictures. To keep them, say which wins over the base.':
    'これらの画像は評価されません。残すには、どちらがベースに勝つかを選んでください。',
  'The winner scores no better than the base: look whether this pair teaches right.':
    '勝者のスコアがベースを上回っていません。このペアが正しい学習になるか確認してください。',
  'Keeping …': '保存しています…',
  'This pair is kept': 'このペアは保存済みです',
  'Of every alignment whose winner scores above the base': '勝者のスコアがベースを上回ったすべての実行から',
  'Keep pairs automatically': 'ペアを自動で残す',
  Exporting: '書き出し中',
  'Bringing back': '読み戻し中',
  'Export {count}': '{count} 件書き出す',
  'Export all': 'すべて書き出す',
  'Brings back the pairs of an exported archive': '書き出したアーカイブからペアを読み戻します',
}
