/** The start page and the tour. */
export const start = {
  'New: {name}, {about}': 'Neu: {name}, {about}',
  'Or go on with your documents': 'Oder mit Ihren Dokumenten weitermachen',
  'Or open what you saved': 'Oder Gespeichertes öffnen',
  'A horse on the mountain': 'Ein Pferd auf dem Berg',
  'A chair in the autumn meadow': 'Ein Liegestuhl auf der Herbstwiese',
  'A lantern by the creek': 'Eine Laterne am Bach',
  'Against the evening sun': 'Gegen die Abendsonne',
  Horse: 'Pferd',
  'Deck chair': 'Liegestuhl',
  Football: 'Fußball',
  'Stone lantern': 'Steinlaterne',
  Scooter: 'Motorroller',
  '{step} of {steps}|tour': '{step} von {steps}',
  'End the tour': 'Rundgang beenden',
  'Next|tour': 'Weiter',
  'Begin with a picture': 'Beginnen Sie mit einem Bild',
  'Take one of these scenes, or drop a photo of your own anywhere.':
    'Nehmen Sie eine dieser Szenen, oder legen Sie irgendwo ein eigenes Foto ab.',
  'Place an object': 'Platzieren Sie ein Objekt',
  'Drag it to where it should stand; its corners scale and turn it. More cut-outs come by Add foreground, or are dropped on the picture.':
    'Ziehen Sie es dorthin, wo es stehen soll; an den Ecken wird es skaliert und gedreht. Weitere Freisteller kommen über „Vordergrund hinzufügen“ dazu, oder indem Sie sie auf dem Bild ablegen.',
  'Turn the light': 'Drehen Sie das Licht',
  'This sun is a handle. Drag it where the photo’s light comes from: the shadow follows.':
    'Diese Sonne ist ein Griff. Ziehen Sie sie dorthin, woher das Licht des Fotos kommt: Der Schatten folgt.',
  'Makes the picture: light, shadow and contact at full size. Then accept it, or try another.':
    'Macht das Bild: Licht, Schatten und Kontaktschatten in voller Größe. Übernehmen Sie es dann, oder versuchen Sie ein anderes.',
  'Take it with you': 'Nehmen Sie es mit',
  'Export as JPEG, WebP, AVIF or Photoshop, or download the PNG. Your work is kept here meanwhile.':
    'Exportieren Sie als JPEG, WebP, AVIF oder Photoshop, oder laden Sie das PNG herunter. Ihre Arbeit bleibt dabei hier erhalten.',
} as const
