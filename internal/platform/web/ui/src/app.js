// Starts the components a page uses, one class at a time. initAll is never called: it would start the
// unchanged exit component, and the accordion, which writes to the browser's storage.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  ExitThisPage,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll
} from './frontend.js'

// SafeExit leaves nothing of the page behind the Back button. As shipped, Back would show the page again.
// exitPage and resetPage are private by convention, so the version is pinned and a browser test watches.
class SafeExit extends ExitThisPage {
  static moduleName = 'govuk-exit-this-page'

  exitPage () {
    this.gone = true // survives in a page kept in memory
    document.title = 'Loading' // the title no longer names anything
    history.replaceState(null, '', '/') // this entry now reads as the home page
    super.exitPage()
  }

  resetPage () { // Back brought the page out of memory
    if (this.gone) {
      location.replace('/')
      return
    }
    super.resetPage()
  }
}

// Choices leaves out aria-expanded, which radio buttons may not have. What is revealed comes next in the
// order of reading, so nothing is lost.
class Choices extends Radios {
  syncConditionalRevealWithInputState ($input) {
    super.syncConditionalRevealWithInputState($input)
    $input.removeAttribute('aria-expanded')
  }
}

createAll(SafeExit) // first: nothing that fails further down may take the exit away
createAll(Button)
createAll(CharacterCount)
createAll(Checkboxes)
createAll(ErrorSummary)
createAll(NotificationBanner)
createAll(PasswordInput)
createAll(Choices)
createAll(ServiceNavigation)
createAll(SkipLink)

// Print what is folded away too, and fold it again afterwards.
let opened = []
window.addEventListener('beforeprint', () => {
  opened = Array.from(document.querySelectorAll('details:not([open])'))
  for (const details of opened) details.open = true
})
window.addEventListener('afterprint', () => {
  for (const details of opened) details.open = false
  opened = []
})
