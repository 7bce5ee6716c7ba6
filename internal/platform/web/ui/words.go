package ui

import "context"

// Words are what components say by themselves. A page in another language sets them once with WithWords;
// a field left empty falls back to English, so a translation may be incomplete but never silent.
type Words struct {
	SkipToContent, SkipToExit                            string
	Exit, ExitHidden                                     string // the button, and the word read out before it
	ExitActivated, ExitTimedOut                          string
	ExitTwoMore, ExitOneMore                             string
	Back, Breadcrumb, Pagination, Previous, Next         string
	PreviousHidden, NextHidden, Page                     string
	Error, ErrorTitle, Warning, Success, Important, Menu string
	Day, Month, Year                                     string
	MaxCharacters, MaxWords                              string // "%{count}" stands for the number
	ShowPassword, HidePassword                           string
	ShowPasswordLabel, HidePasswordLabel                 string
	PasswordShown, PasswordHidden                        string
	Language, SupportLinks, ServiceInformation           string
	By, Then                                             string
}

// English is what is said where no other words are set.
func English() Words {
	return Words{
		SkipToContent:      "Skip to main content",
		SkipToExit:         "Exit this page",
		Exit:               "Exit this page",
		ExitHidden:         "Emergency",
		Back:               "Back",
		Breadcrumb:         "Breadcrumb",
		Pagination:         "Pagination",
		Previous:           "Previous",
		Next:               "Next",
		PreviousHidden:     "page",
		NextHidden:         "page",
		Page:               "Page",
		Error:              "Error",
		ErrorTitle:         "There is a problem",
		Warning:            "Warning",
		Success:            "Success",
		Important:          "Important",
		Menu:               "Menu",
		Day:                "Day",
		Month:              "Month",
		Year:               "Year",
		MaxCharacters:      "You can enter up to %{count} characters",
		MaxWords:           "You can enter up to %{count} words",
		ShowPassword:       "Show",
		ShowPasswordLabel:  "Show password",
		Language:           "Language",
		SupportLinks:       "Support links",
		ServiceInformation: "Service information",
		By:                 "by",
		Then:               "Then",
	}
	// ExitActivated to ExitOneMore, and HidePassword to PasswordHidden, are said by script, which has its own
	// English. They are sent along only when set.
}

type wordsKey struct{}

// WithWords sets the words for everything rendered with the context. It carries nothing but wording: who is
// asking and what they may see are parameters, never context.
func WithWords(ctx context.Context, w Words) context.Context {
	return context.WithValue(ctx, wordsKey{}, w)
}

// words are those set on the context, with English in the gaps.
func words(ctx context.Context) Words {
	e := English()
	w, ok := ctx.Value(wordsKey{}).(Words)
	if !ok {
		return e
	}
	for _, pair := range []struct{ own, english *string }{
		{&w.SkipToContent, &e.SkipToContent},
		{&w.SkipToExit, &e.SkipToExit},
		{&w.Exit, &e.Exit},
		{&w.ExitHidden, &e.ExitHidden},
		{&w.Back, &e.Back},
		{&w.Breadcrumb, &e.Breadcrumb},
		{&w.Pagination, &e.Pagination},
		{&w.Previous, &e.Previous},
		{&w.Next, &e.Next},
		{&w.PreviousHidden, &e.PreviousHidden},
		{&w.NextHidden, &e.NextHidden},
		{&w.Page, &e.Page},
		{&w.Error, &e.Error},
		{&w.ErrorTitle, &e.ErrorTitle},
		{&w.Warning, &e.Warning},
		{&w.Success, &e.Success},
		{&w.Important, &e.Important},
		{&w.Menu, &e.Menu},
		{&w.Day, &e.Day},
		{&w.Month, &e.Month},
		{&w.Year, &e.Year},
		{&w.MaxCharacters, &e.MaxCharacters},
		{&w.MaxWords, &e.MaxWords},
		{&w.ShowPassword, &e.ShowPassword},
		{&w.ShowPasswordLabel, &e.ShowPasswordLabel},
		{&w.Language, &e.Language},
		{&w.SupportLinks, &e.SupportLinks},
		{&w.ServiceInformation, &e.ServiceInformation},
		{&w.By, &e.By},
		{&w.Then, &e.Then},
	} {
		*pair.own = or(*pair.own, *pair.english)
	}
	return w
}
