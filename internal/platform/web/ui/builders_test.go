package ui

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// builder makes one of our components from the options of an example.
type builder func(options json.RawMessage) (templ.Component, error)

func build[T any](make func(T) (templ.Component, error)) builder {
	return func(options json.RawMessage) (templ.Component, error) {
		o, err := decode[T](options)
		if err != nil {
			return nil, err
		}
		return make(o)
	}
}

func always[T any](make func(T) templ.Component) builder {
	return build(func(o T) (templ.Component, error) { return make(o), nil })
}

// builders render the examples of each component, by the name its examples go by.
var builders = map[string]builder{
	"back-link": always(func(o struct {
		Text, HTML, Href word
		Classes          string
	},
	) templ.Component {
		return BackLink(BackLinkParams{Text: string(o.Text), Content: rawHTML(string(o.HTML)), Href: string(o.Href), Classes: o.Classes})
	}),

	"breadcrumbs": always(func(o struct {
		Items            []linkOptions
		Classes          string
		CollapseOnMobile bool
		LabelText        string
	},
	) templ.Component {
		return Breadcrumbs(BreadcrumbsParams{Items: links(o.Items), Classes: o.Classes, Collapse: o.CollapseOnMobile, Label: o.LabelText})
	}),

	"button": build(func(o struct {
		Text, HTML, Href, Value word
		Type, Name, ID, Classes string
		Disabled, IsStartButton bool
		PreventDoubleClick      *bool
	},
	) (templ.Component, error) {
		if o.PreventDoubleClick != nil && !*o.PreventDoubleClick {
			return nil, errors.New("double clicks allowed explicitly")
		}
		return Button(ButtonParams{
			Text: string(o.Text), Content: rawHTML(string(o.HTML)), Href: string(o.Href), Value: string(o.Value), Type: o.Type, Name: o.Name,
			ID: o.ID, Classes: o.Classes, Disabled: o.Disabled, Start: o.IsStartButton, PreventDoubleClick: o.PreventDoubleClick != nil,
		}), nil
	}),

	"character-count": always(func(o struct {
		fieldOptions
		MaxLength, MaxWords, Threshold, Rows                                                       numberWord
		CountType, TextareaDescriptionText                                                         string
		CountMessage                                                                               struct{ Classes string }
		CharactersUnderLimitText, CharactersOverLimitText, WordsUnderLimitText, WordsOverLimitText map[string]string
		CharactersAtLimitText, WordsAtLimitText                                                    string
	},
	) templ.Component {
		return CharacterCount(CharacterCountParams{
			Field: o.field(), MaxLength: int(o.MaxLength), MaxWords: int(o.MaxWords), Threshold: int(o.Threshold), Rows: int(o.Rows),
			CountType: o.CountType, Description: o.TextareaDescriptionText, CountClasses: o.CountMessage.Classes,
			Messages: CountMessages{
				CharactersUnder: o.CharactersUnderLimitText, CharactersOver: o.CharactersOverLimitText, CharactersAt: o.CharactersAtLimitText,
				WordsUnder: o.WordsUnderLimitText, WordsOver: o.WordsOverLimitText, WordsAt: o.WordsAtLimitText,
			},
		})
	}),

	"checkboxes": build(func(o struct {
		choiceOptions
		Items  []*itemOptions
		Values []string
	},
	) (templ.Component, error) {
		p := CheckboxesParams{Group: o.group(), Values: o.Values}
		for _, i := range o.Items {
			if err := i.check(); err != nil {
				return nil, err
			}
			item := CheckboxItem{
				Value: string(i.Value), Text: string(i.Text), Content: rawHTML(string(i.HTML)), Divider: string(i.Divider), ID: i.ID, Name: i.Name,
				Exclusive: i.Behaviour == "exclusive", LabelClasses: i.Label.Classes, Checked: i.Checked != nil, Disabled: i.Disabled, Conditional: i.conditional(),
			}
			item.Hint, item.HintContent = i.Hint.parts()
			p.Items = append(p.Items, item)
		}
		return Checkboxes(p), nil
	}),

	"date-input": build(func(o struct {
		choiceOptions
		ID, NamePrefix   string
		Day, Month, Year dateOptions
		Items            []*dateOptions
		Values           map[string]word
	},
	) (templ.Component, error) {
		p := DateInputParams{Group: o.group(), ID: o.ID, NamePrefix: o.NamePrefix}
		prefix := when(o.NamePrefix != "", o.NamePrefix+"-")
		parts := map[string]*dateOptions{"day": &o.Day, "month": &o.Month, "year": &o.Year}
		items := o.Items
		if len(items) == 0 {
			for _, name := range []string{"day", "month", "year"} {
				if part := parts[name]; !part.left {
					if name == "year" && part.Name != "" { // a box is known by its name
						part.Classes = join(Width4, part.Classes)
					}
					part.Name = or(part.Name, name)
					items = append(items, part)
				}
			}
		}
		for _, i := range items {
			if i == nil || i.left {
				return nil, errors.New("an item that is not one")
			}
			value := or(string(i.Value), string(o.Values[prefix+i.Name]))
			if part := parts[i.Name]; part != nil {
				value = or(value, or(string(part.Value), string(o.Values[i.Name])))
			}
			p.Items = append(p.Items, DateItem{
				Name: i.Name, Label: i.Label, ID: i.ID, Value: value, Classes: i.Classes,
				Autocomplete: i.Autocomplete, InputMode: i.InputMode, Pattern: i.Pattern, Error: i.Error != nil && *i.Error,
			})
		}
		// Saying which boxes are right is saying which are wrong.
		for n, i := range items {
			if i.Error != nil && !*i.Error && !anyWrong(p.Items) {
				for m, other := range items {
					p.Items[m].Error = m != n && other.Error == nil
				}
			}
		}
		return DateInput(p), nil
	}),

	"details": always(func(o struct {
		SummaryText, SummaryHTML, Text, HTML word
		ID, Classes                          string
		Open                                 bool
	},
	) templ.Component {
		return Details(DetailsParams{Summary: string(o.SummaryText), SummaryContent: rawHTML(string(o.SummaryHTML)), Text: string(o.Text), Content: rawHTML(string(o.HTML)), ID: o.ID, Open: o.Open, Classes: o.Classes})
	}),

	"error-message": always(func(o struct {
		Text, HTML         word
		ID, Classes        string
		VisuallyHiddenText string
	},
	) templ.Component {
		return ErrorMessage(ErrorMessageParams{ID: o.ID, Text: string(o.Text), Content: rawHTML(string(o.HTML)), Prefix: o.VisuallyHiddenText, Classes: o.Classes})
	}),

	"error-summary": build(func(o struct {
		TitleText, TitleHTML, DescriptionText, DescriptionHTML word
		ErrorList                                              []linkOptions
		DisableAutoFocus                                       *bool
		Classes                                                string
	},
	) (templ.Component, error) {
		if o.DisableAutoFocus != nil && !*o.DisableAutoFocus {
			return nil, errors.New("focus asked for explicitly")
		}
		return ErrorSummary(ErrorSummaryParams{
			Title: string(o.TitleText), TitleContent: rawHTML(string(o.TitleHTML)), Description: string(o.DescriptionText), DescriptionContent: rawHTML(string(o.DescriptionHTML)),
			Errors: links(o.ErrorList), NoAutoFocus: o.DisableAutoFocus != nil, Classes: o.Classes,
		}), nil
	}),

	// Its exit leads to a weather page unless told otherwise, ours to our own address.
	"exit-this-page": build(func(o struct {
		Text, HTML, RedirectURL                                                  word
		ID, Classes                                                              string
		ActivatedText, TimedOutText, PressTwoMoreTimesText, PressOneMoreTimeText string
		Attributes                                                               map[string]any
	},
	) (templ.Component, error) {
		if len(o.Attributes) > 0 {
			return nil, errors.New("attributes")
		}
		c := ExitThisPage(ExitThisPageParams{Text: string(o.Text), Content: rawHTML(string(o.HTML)), Href: or(string(o.RedirectURL), "https://www.bbc.co.uk/weather"), ID: o.ID, Classes: o.Classes})
		return inWords(c, Words{ExitActivated: o.ActivatedText, ExitTimedOut: o.TimedOutText, ExitTwoMore: o.PressTwoMoreTimesText, ExitOneMore: o.PressOneMoreTimeText}), nil
	}),

	"fieldset": always(func(o fieldsetOptions) templ.Component {
		p := FieldsetParams{Legend: string(o.Legend.Text), LegendContent: rawHTML(string(o.Legend.HTML)), LegendClasses: o.Legend.Classes, LegendIsHeading: o.Legend.IsPageHeading, Classes: o.Classes, Role: o.Role, DescribedBy: o.DescribedBy}
		return withChildren(Fieldset(p), string(o.HTML))
	}),

	"footer": build(func(o struct {
		Classes, ContainerClasses string
		ContentLicence, Copyright *slotOptions
		Meta                      struct {
			VisuallyHiddenTitle string
			Items               []linkOptions
			Text, HTML          word
		}
		Navigation []struct {
			Title, Width string
			Columns      int
			Items        []*linkOptions
		}
	},
	) (templ.Component, error) {
		p := FooterParams{Classes: o.Classes, ContainerClasses: o.ContainerClasses, Links: links(o.Meta.Items), Text: string(o.Meta.Text), Content: rawHTML(string(o.Meta.HTML)), HiddenTitle: o.Meta.VisuallyHiddenTitle}
		for _, n := range o.Navigation {
			section := FooterSection{Title: n.Title, Width: n.Width, Columns: n.Columns}
			for _, i := range n.Items {
				if i == nil || i.Href == "" {
					return nil, errors.New("an item that is not one")
				}
				section.Links = append(section.Links, Link{Text: string(i.Text), Href: string(i.Href)})
			}
			p.Sections = append(p.Sections, section)
		}
		return Footer(p), nil
	}),

	"generic-header": always(func(o struct {
		LogoText, LogoHTML, URL   word
		Classes, ContainerClasses string
	},
	) templ.Component {
		return GenericHeader(GenericHeaderParams{Text: string(o.LogoText), Logo: rawHTML(string(o.LogoHTML)), Href: string(o.URL), Classes: o.Classes, ContainerClasses: o.ContainerClasses})
	}),

	"hint": always(func(o struct {
		Text, HTML  word
		ID, Classes string
	},
	) templ.Component {
		return Hint(HintParams{ID: o.ID, Text: string(o.Text), Content: rawHTML(string(o.HTML)), Classes: o.Classes})
	}),

	"input": always(func(o struct {
		fieldOptions
		Type, InputMode, Pattern, Autocapitalize string
		Prefix, Suffix                           *slotOptions
		InputWrapper                             struct{ Classes string }
	},
	) templ.Component {
		p := InputParams{Field: o.field(), Type: o.Type, InputMode: o.InputMode, Pattern: o.Pattern, Autocapitalize: o.Autocapitalize, WrapperClasses: o.InputWrapper.Classes}
		p.Prefix, p.PrefixContent = o.Prefix.parts()
		p.Suffix, p.SuffixContent = o.Suffix.parts()
		if o.Prefix != nil {
			p.PrefixClasses = o.Prefix.Classes
		}
		if o.Suffix != nil {
			p.SuffixClasses = o.Suffix.Classes
		}
		return Input(p)
	}),

	"inset-text": always(func(o struct {
		Text, HTML  word
		ID, Classes string
	},
	) templ.Component {
		return InsetText(InsetTextParams{ID: o.ID, Text: string(o.Text), Content: rawHTML(string(o.HTML)), Classes: o.Classes})
	}),

	"label": always(func(o labelOptions) templ.Component {
		return Label(LabelParams{Text: string(o.Text), Content: rawHTML(string(o.HTML)), Classes: o.Classes, IsHeading: o.IsPageHeading, For: o.For})
	}),

	"language-navigation": always(func(o struct {
		AriaLabel, Classes string
		Items              []struct {
			Text, HTML                                                  word
			Href, Lang, HrefLang, Dir, Classes, LanguageDescriptionText string
			Current                                                     bool
		}
	},
	) templ.Component {
		p := LanguageNavigationParams{Label: o.AriaLabel, Classes: o.Classes}
		for _, i := range o.Items {
			p.Items = append(p.Items, LanguageItem{Text: string(i.Text), Content: rawHTML(string(i.HTML)), Href: i.Href, Lang: i.Lang, HrefLang: i.HrefLang, Dir: i.Dir, Classes: i.Classes, Description: i.LanguageDescriptionText, Current: i.Current})
		}
		return LanguageNavigation(p)
	}),

	"notification-banner": build(func(o struct {
		Type, TitleID, Role, Classes     string
		TitleText, TitleHTML, Text, HTML word
		TitleHeadingLevel                numberWord
		DisableAutoFocus                 *bool
	},
	) (templ.Component, error) {
		if o.DisableAutoFocus != nil && !*o.DisableAutoFocus {
			return nil, errors.New("focus asked for explicitly")
		}
		return NotificationBanner(NotificationBannerParams{
			Kind: o.Type, Title: string(o.TitleText), TitleContent: rawHTML(string(o.TitleHTML)), TitleID: o.TitleID, HeadingLevel: int(o.TitleHeadingLevel),
			Role: o.Role, Text: string(o.Text), Content: rawHTML(string(o.HTML)), NoAutoFocus: o.DisableAutoFocus != nil, Classes: o.Classes,
		}), nil
	}),

	"pagination": always(func(o struct {
		Previous, Next *pageLinkOptions
		Items          []struct {
			Number, Href, VisuallyHiddenText word
			Current, Ellipsis                bool
		}
		LandmarkLabel, Classes string
	},
	) templ.Component {
		p := PaginationParams{Previous: o.Previous.link(), Next: o.Next.link(), Label: o.LandmarkLabel, Classes: o.Classes}
		for _, i := range o.Items {
			p.Items = append(p.Items, PageItem{Number: string(i.Number), Href: string(i.Href), HiddenText: string(i.VisuallyHiddenText), Current: i.Current, Ellipsis: i.Ellipsis})
		}
		return Pagination(p)
	}),

	"panel": always(func(o struct {
		TitleText, TitleHTML, Text, HTML word
		HeadingLevel                     int
		Classes                          string
		Actions                          struct {
			Classes string
			Items   []struct {
				Text, Href    word
				Type, Classes string
				Attributes    struct{ Form, Name, Value string }
			}
		}
	},
	) templ.Component {
		// The design system makes an interruption by a class; ours is a field.
		interruption := slices.Contains(strings.Fields(o.Classes), "govuk-panel--interruption")
		p := PanelParams{
			Title: string(o.TitleText), TitleContent: rawHTML(string(o.TitleHTML)), Text: string(o.Text), Content: rawHTML(string(o.HTML)), HeadingLevel: o.HeadingLevel,
			Interruption: interruption, ActionsClasses: o.Actions.Classes,
			Classes: strings.TrimSpace(strings.ReplaceAll(o.Classes, "govuk-panel--interruption", "")),
		}
		for _, i := range o.Actions.Items {
			p.Actions = append(p.Actions, PanelAction{Text: string(i.Text), Href: string(i.Href), Type: i.Type, Classes: i.Classes, Form: i.Attributes.Form, Name: i.Attributes.Name, Value: i.Attributes.Value})
		}
		return Panel(p)
	}),

	"password-input": always(func(o struct {
		fieldOptions
		ShowPasswordText, HidePasswordText, ShowPasswordAriaLabelText, HidePasswordAriaLabelText string
		PasswordShownAnnouncementText, PasswordHiddenAnnouncementText                            string
	},
	) templ.Component {
		return inWords(PasswordInput(PasswordInputParams{Field: o.field()}), Words{
			ShowPassword: o.ShowPasswordText, HidePassword: o.HidePasswordText, ShowPasswordLabel: o.ShowPasswordAriaLabelText, HidePasswordLabel: o.HidePasswordAriaLabelText,
			PasswordShown: o.PasswordShownAnnouncementText, PasswordHidden: o.PasswordHiddenAnnouncementText,
		})
	}),

	"phase-banner": always(func(o struct {
		Tag        slotOptions
		Text, HTML word
		Classes    string
	},
	) templ.Component {
		return PhaseBanner(PhaseBannerParams{Tag: string(o.Tag.Text), TagContent: rawHTML(string(o.Tag.HTML)), TagClasses: o.Tag.Classes, Text: string(o.Text), Content: rawHTML(string(o.HTML)), Classes: o.Classes})
	}),

	"radios": build(func(o struct {
		choiceOptions
		Items []*itemOptions
		Value string
	},
	) (templ.Component, error) {
		p := RadiosParams{Group: o.group(), Value: o.Value}
		for _, i := range o.Items {
			if err := i.check(); err != nil {
				return nil, err
			}
			item := RadioItem{
				Value: string(i.Value), Text: string(i.Text), Content: rawHTML(string(i.HTML)), Divider: string(i.Divider), ID: i.ID,
				LabelClasses: i.Label.Classes, Checked: i.Checked != nil, Disabled: i.Disabled, Conditional: i.conditional(),
			}
			item.Hint, item.HintContent = i.Hint.parts()
			p.Items = append(p.Items, item)
		}
		return Radios(p), nil
	}),

	"select": build(func(o struct {
		fieldOptions
		Items []*struct {
			Value, Text *word
			Selected    *bool
			Disabled    bool
		}
	},
	) (templ.Component, error) {
		p := SelectParams{Field: o.field()}
		for _, i := range o.Items {
			if i == nil || i.Text == nil || i.Selected != nil && !*i.Selected && o.Value != "" {
				return nil, errors.New("an item that is not one, or unselected against the value")
			}
			item := SelectItem{Text: string(*i.Text), NoValue: i.Value == nil, Selected: i.Selected != nil && *i.Selected, Disabled: i.Disabled}
			if i.Value != nil {
				item.Value = string(*i.Value)
			}
			p.Items = append(p.Items, item)
		}
		return Select(p), nil
	}),

	"service-navigation": build(func(o struct {
		ServiceName, ServiceURL, NavigationLabel, AriaLabel, MenuButtonText, MenuButtonLabel, NavigationID, Classes, NavigationClasses string
		Navigation                                                                                                                     []*struct {
			Text, HTML, Href word
			Active, Current  bool
		}
		CollapseNavigationOnMobile *bool
		Slots                      struct{ End json.RawMessage }
	},
	) (templ.Component, error) {
		p := ServiceNavigationParams{
			ServiceName: o.ServiceName, ServiceURL: o.ServiceURL, Label: o.NavigationLabel, AriaLabel: o.AriaLabel, MenuText: o.MenuButtonText,
			MenuLabel: o.MenuButtonLabel, NavigationID: o.NavigationID, Classes: o.Classes, NavigationClasses: o.NavigationClasses,
			NoCollapse: o.CollapseNavigationOnMobile != nil && !*o.CollapseNavigationOnMobile,
		}
		for _, i := range o.Navigation {
			if i == nil {
				return nil, errors.New("an item that is not one")
			}
			p.Items = append(p.Items, NavItem{Text: string(i.Text), Content: rawHTML(string(i.HTML)), Href: string(i.Href), Active: i.Active, Current: i.Current})
		}
		if len(o.Slots.End) > 0 {
			var whole string
			if json.Unmarshal(o.Slots.End, &whole) == nil {
				p.End = rawHTML(whole)
			} else {
				end, err := decode[struct{ HTML, Align string }](o.Slots.End)
				if err != nil {
					return nil, err
				}
				p.End, p.EndInline = rawHTML(end.HTML), end.Align == "inline"
			}
		}
		return ServiceNavigation(p), nil
	}),

	// Its main content is called "content" unless told otherwise.
	"skip-link": always(func(o struct {
		Text, HTML, Href word
		Classes          string
	},
	) templ.Component {
		return SkipLink(SkipLinkParams{Text: string(o.Text), Content: rawHTML(string(o.HTML)), Href: or(string(o.Href), "#content"), Classes: o.Classes})
	}),

	"summary-list": build(func(o struct {
		Rows []*struct {
			Key, Value slotOptions
			Classes    string
			Actions    actionOptions
		}
		Card *struct {
			Title struct {
				slotOptions
				HeadingLevel int
			}
			Actions actionOptions
			Classes string
		}
		Classes string
	},
	) (templ.Component, error) {
		p := SummaryListParams{Classes: o.Classes}
		for _, r := range o.Rows {
			if r == nil {
				return nil, errors.New("a row that is not one")
			}
			row := SummaryRow{Classes: r.Classes, KeyClasses: r.Key.Classes, ValueClasses: r.Value.Classes, Actions: links(r.Actions.Items), ActionsClasses: r.Actions.Classes}
			row.Key, row.KeyContent = r.Key.parts()
			row.Value, row.ValueContent = r.Value.parts()
			p.Rows = append(p.Rows, row)
		}
		if c := o.Card; c != nil {
			p.Card = &SummaryCard{TitleClasses: c.Title.Classes, HeadingLevel: c.Title.HeadingLevel, Actions: links(c.Actions.Items), ActionsClasses: c.Actions.Classes, Classes: c.Classes}
			p.Card.Title, p.Card.TitleContent = c.Title.parts()
		}
		return SummaryList(p), nil
	}),

	"table": build(func(o struct {
		Head                             []cellOptions
		Rows                             []*[]cellOptions
		Caption, CaptionClasses, Classes string
		FirstCellIsHeader                bool
	},
	) (templ.Component, error) {
		p := TableParams{Caption: o.Caption, CaptionClasses: o.CaptionClasses, Classes: o.Classes, FirstCellIsHeader: o.FirstCellIsHeader, Head: cells(o.Head)}
		for _, r := range o.Rows {
			if r == nil {
				return nil, errors.New("a row that is not one")
			}
			p.Rows = append(p.Rows, cells(*r))
		}
		return Table(p), nil
	}),

	"tag": always(func(o slotOptions) templ.Component {
		text, c := o.parts()
		return Tag(TagParams{Text: text, Content: c, Classes: o.Classes})
	}),

	"task-list": build(func(o struct {
		IDPrefix, Classes string
		Items             []*struct {
			Title, Hint *slotOptions
			Href        word
			Status      struct {
				Tag *slotOptions
				slotOptions
			}
			Classes string
		}
	},
	) (templ.Component, error) {
		p := TaskListParams{IDPrefix: o.IDPrefix, Classes: o.Classes}
		for _, i := range o.Items {
			if i == nil {
				return nil, errors.New("an item that is not one")
			}
			item := TaskItem{Href: string(i.Href), TitleClasses: i.Title.Classes, StatusClasses: i.Status.Classes, Classes: i.Classes}
			item.Title, item.TitleContent = i.Title.parts()
			item.Hint, item.HintContent = i.Hint.parts()
			item.Status, item.StatusContent = i.Status.parts()
			if tag := i.Status.Tag; tag != nil {
				text, c := tag.parts()
				item.Tag = &TagParams{Text: text, Content: c, Classes: tag.Classes}
			}
			p.Items = append(p.Items, item)
		}
		return TaskList(p), nil
	}),

	"textarea": always(func(o struct {
		fieldOptions
		Rows numberWord
	},
	) templ.Component {
		return Textarea(TextareaParams{Field: o.field(), Rows: int(o.Rows)})
	}),

	"warning-text": always(func(o struct {
		Text, HTML       word
		IconFallbackText string
		Classes          string
	},
	) templ.Component {
		return WarningText(WarningTextParams{Text: string(o.Text), Content: rawHTML(string(o.HTML)), IconText: o.IconFallbackText, Classes: o.Classes})
	}),
}
