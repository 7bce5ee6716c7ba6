// Loaded by a plain script tag straight after <body>, so that styles which depend on these classes apply
// before anything is painted. The design system does this with an inline script, which our policy refuses.
document.body.className += ' js-enabled' + ('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '')
