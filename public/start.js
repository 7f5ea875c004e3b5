// Where the studio's own script cannot even be read, nothing else is there to say so.
addEventListener(
  'error',
  function (event) {
    var root = document.getElementById('root')
    var about = event.message || (event.target && event.target.src)
    if (!root || root.childNodes.length > 0 || !about) return
    root.style.cssText = 'font: 15px/1.5 system-ui; max-width: 36em; margin: 12vh auto; padding: 0 24px'
    root.setAttribute('role', 'alert')
    root.textContent =
      'Inlay could not start. Check that it is still being served and that your browser is up to date, ' +
      'then reload. Your saved work has not been touched. (' +
      about +
      ')'
  },
  true,
)
