package people

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people/peopledb"
)

// Channel is a way of reaching a person (ux.md, section 4.1).
type Channel string

// The channels.
const (
	Mobile       Channel = "mobile"
	Landline     Channel = "landline"
	WorkPhone    Channel = "work_phone"
	Text         Channel = "text"
	Email        Channel = "email"
	Post         Channel = "post"
	Professional Channel = "professional"
	InPerson     Channel = "in_person"
)

// Channels lists them in the order in which they are asked about.
func Channels() []Channel {
	return []Channel{Mobile, Text, Landline, WorkPhone, Email, Post, Professional, InPerson}
}

// Label is the channel in words for people.
func (c Channel) Label() string {
	switch c {
	case Mobile:
		return "Mobile phone"
	case Landline:
		return "Home phone"
	case WorkPhone:
		return "Work phone"
	case Text:
		return "Text message"
	case Email:
		return "Email"
	case Post:
		return "Letter"
	case Professional:
		return "Through another professional"
	case InPerson:
		return "In person"
	}
	return string(c)
}

// Allowance is what was said about a channel. Only Yes and OnlyIf open it.
type Allowance string

// The allowances. The zero value means that it was never spoken about.
const (
	NotAsked Allowance = ""
	Yes      Allowance = "yes"
	No       Allowance = "no"
	OnlyIf   Allowance = "only_if"
)

// Label is the allowance in words for people.
func (a Allowance) Label() string {
	switch a {
	case Yes:
		return "Safe to use"
	case No:
		return "Do not use"
	case OnlyIf:
		return "Safe only as described"
	case NotAsked:
		return "Not asked: do not use"
	}
	return string(a)
}

// Way is what is known about one channel.
type Way struct {
	Channel    Channel
	Allowed    Allowance
	Detail     string // the number or address
	Conditions string // when, how, under which name, who else may answer
	Hours      Hours  // when it is safe; the zero value: whenever it is safe at all
	// Message tells whether a message may be left when nobody answers. Not
	// asked means no.
	Message   Allowance
	CheckedOn string // YYYY-MM-DD
	CheckedBy string // account
}

// SafeContact is everything known about reaching a person.
type SafeContact struct {
	Ways        []Way
	NeverSpeak  string // people who must not be spoken to
	TheyContact bool   // they will contact us
	HasCodeWord bool   // the word itself is read with CodeWord
	Summary     ContactSummary
	// Withheld tells that the reader has no permission for whereabouts: there
	// is nothing here but the summary.
	Withheld bool
}

// State sums safe contact up.
type State string

// The states. Only Recorded lets anything out.
const (
	Unset     State = "unset"
	OutOfDate State = "out_of_date"
	Recorded  State = "recorded"
)

// ContactSummary is what lists and banners say about reaching a person,
// without any number.
type ContactSummary struct {
	State     State
	CheckedOn string // YYYY-MM-DD, empty when unset
	NextCheck string
}

// Summary judges stored safe contact at a moment, for lists that read many
// people at once.
func (s *Store) Summary(state, checked string, now time.Time) ContactSummary {
	return s.summary(state, checked, now)
}

func (s *Store) summary(state, checked string, now time.Time) ContactSummary {
	on, err := time.Parse(time.DateOnly, checked)
	if state != string(Recorded) || err != nil {
		return ContactSummary{State: Unset}
	}
	next := on.Add(s.recheck)
	out := ContactSummary{State: Recorded, CheckedOn: checked, NextCheck: next.Format(time.DateOnly)}
	if !now.Before(next.AddDate(0, 0, 1)) {
		out.State = OutOfDate
	}
	return out
}

// May tells whether a channel may be used: it was recorded as safe, and
// checked within the period. Unknown means unsafe.
func (c SafeContact) May(ch Channel) bool {
	if c.Summary.State != Recorded || c.Withheld {
		return false
	}
	for _, w := range c.Ways {
		if w.Channel == ch {
			return w.Allowed == Yes || w.Allowed == OnlyIf
		}
	}
	return false
}

func (s *Store) place(agency string, id ID, table, column, row string) store.Place {
	return store.Place{Agency: agency, Table: table, Column: column, Row: string(id) + "/" + row}
}

// SafeContact returns what is known about reaching a person of the agency,
// without the code word.
func (s *Store) SafeContact(ctx context.Context, tx *store.Tx, w Whereabouts, p Person) (SafeContact, error) {
	out := SafeContact{Summary: p.Contact}
	if err := w.permit.Show(ctx, p.ID.Subject()); err != nil {
		return out, err
	}
	q := peopledb.New(tx)
	rows, err := q.SafeContacts(ctx, peopledb.SafeContactsParams{AgencyID: p.Agency, PersonID: string(p.ID)})
	if err != nil {
		return out, err
	}
	for _, row := range rows {
		way := Way{Channel: Channel(row.Channel), Allowed: Allowance(row.Allowed), CheckedOn: row.CheckedOn, CheckedBy: row.CheckedBy}
		if way.Detail, err = s.vault.Open(ctx, tx, s.place(p.Agency, p.ID, "safe_contact", "detail", row.Channel), row.Detail); err != nil {
			return out, err
		}
		if way.Conditions, err = s.vault.Open(ctx, tx, s.place(p.Agency, p.ID, "safe_contact", "conditions", row.Channel), row.Conditions); err != nil {
			return out, err
		}
		if err := s.openMore(ctx, tx, p, &way, row.More); err != nil {
			return out, err
		}
		out.Ways = append(out.Ways, way)
	}
	note, err := q.ContactNote(ctx, peopledb.ContactNoteParams{AgencyID: p.Agency, PersonID: string(p.ID)})
	if errors.Is(err, sql.ErrNoRows) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	out.HasCodeWord, out.TheyContact = len(note.CodeWord) > 0, note.TheyContact
	out.NeverSpeak, err = s.vault.Open(ctx, tx, s.place(p.Agency, p.ID, "contact_note", "never_speak", ""), note.NeverSpeak)
	return out, err
}

// CodeWord reads the code word agreed with a person; the reading is an entry
// of its own in the ledger.
func (s *Store) CodeWord(ctx context.Context, tx *store.Tx, w Whereabouts, p Person) (string, error) {
	if err := w.permit.Append(tx, ActCode, "read", p.ID.Subject()); err != nil {
		return "", err
	}
	note, err := peopledb.New(tx).ContactNote(ctx, peopledb.ContactNoteParams{AgencyID: p.Agency, PersonID: string(p.ID)})
	if err != nil {
		return "", err
	}
	return s.vault.Open(ctx, tx, s.place(p.Agency, p.ID, "contact_note", "code_word", ""), note.CodeWord)
}

// ContactForm is safe contact as it was asked and answered.
type ContactForm struct {
	Ways        []Way
	NeverSpeak  string
	TheyContact bool
	CodeWord    string // empty keeps the one there is
	Version     int64  // of the person, as it was read
	// Add keeps what is not spoken of here. It is how somebody records who
	// cannot read what is there.
	Add bool
}

// Check returns what is wrong with the form, by field: the channel's name, or
// the name of the note.
func (f ContactForm) Check() forms.Errors {
	var errs forms.Errors
	spoken := f.TheyContact
	for _, w := range f.Ways {
		field := string(w.Channel)
		spoken = spoken || w.Allowed != NotAsked
		switch {
		case w.Allowed == OnlyIf && w.Conditions == "":
			errs.Add(field, "Describe when and how this way is safe")
		case !w.Hours.valid():
			errs.Add(field, "Choose from when until when this way is safe, the earlier time first, or leave both empty")
		case len(w.Detail) > nameMax:
			errs.Add(field, "Shorten the number or address to 200 characters or fewer")
		case len(w.Conditions) > textMax:
			errs.Add(field, "Shorten the description to 2,000 characters or fewer")
		}
	}
	if !spoken {
		errs.Add(string(Mobile), "Say for at least one way whether it is safe, or choose that they will contact us")
	}
	if len(f.NeverSpeak) > textMax {
		errs.Add("never_speak", "Shorten this to 2,000 characters or fewer")
	}
	if len(f.CodeWord) > nameMax {
		errs.Add("code_word", "Shorten the code word to 200 characters or fewer")
	}
	return errs
}

// RecordSafeContact replaces what is known about reaching a person with what
// was just asked, checked today. It returns [store.ErrConflict] when the
// person was changed since they were read.
func (s *Store) RecordSafeContact(ctx context.Context, tx *store.Tx, permit audit.Permit, p Person, f ContactForm) error {
	if !permit.Valid() {
		return audit.ErrNoPermit
	}
	if errs := f.Check(); errs.Any() {
		return errs
	}
	q := peopledb.New(tx)
	today := tx.Now().Format(time.DateOnly)
	err := store.Changed(q.SetContactState(ctx, peopledb.SetContactStateParams{
		AgencyID: p.Agency, ID: string(p.ID), ContactState: string(Recorded), ContactCheck: today, Version: f.Version,
	}))
	if err != nil {
		return err
	}
	if !f.Add {
		if err := q.DeleteSafeContacts(ctx, peopledb.DeleteSafeContactsParams{AgencyID: p.Agency, PersonID: string(p.ID)}); err != nil {
			return err
		}
		if err := q.DeleteReachKeys(ctx, peopledb.DeleteReachKeysParams{AgencyID: p.Agency, PersonID: string(p.ID)}); err != nil {
			return err
		}
	}
	home, err := s.home(ctx, tx, p.Agency, p.ID)
	if err != nil {
		return err
	}
	for _, w := range f.Ways {
		if w.Allowed == NotAsked {
			continue
		}
		if err := s.recordWay(ctx, tx, q, permit, p, w, today); err != nil {
			return err
		}
		if home.Hidden {
			continue // is found by none of it
		}
		if err := s.rekey(ctx, tx, p.Agency, p.ID, w.Channel, w.Detail); err != nil {
			return err
		}
	}
	if err := s.recordNote(ctx, tx, q, p, f); err != nil {
		return err
	}
	return permit.Append(tx, ActContact, "", p.ID.Subject())
}

func (s *Store) recordWay(ctx context.Context, tx *store.Tx, q *peopledb.Queries, permit audit.Permit, p Person, w Way, today string) error {
	channel := string(w.Channel)
	detail, err := s.vault.Seal(ctx, tx, s.place(p.Agency, p.ID, "safe_contact", "detail", channel), w.Detail)
	if err != nil {
		return err
	}
	conditions, err := s.vault.Seal(ctx, tx, s.place(p.Agency, p.ID, "safe_contact", "conditions", channel), w.Conditions)
	if err != nil {
		return err
	}
	more, err := s.sealMore(ctx, tx, p, w)
	if err != nil {
		return err
	}
	return q.UpsertSafeContact(ctx, peopledb.UpsertSafeContactParams{
		AgencyID: p.Agency, PersonID: string(p.ID), Channel: channel, Allowed: string(w.Allowed),
		Detail: detail.Bytes(), Conditions: conditions.Bytes(), CheckedOn: today, CheckedBy: permit.Actor().Account, More: more,
	})
}

func (s *Store) recordNote(ctx context.Context, tx *store.Tx, q *peopledb.Queries, p Person, f ContactForm) error {
	never, err := s.vault.Seal(ctx, tx, s.place(p.Agency, p.ID, "contact_note", "never_speak", ""), f.NeverSpeak)
	if err != nil {
		return err
	}
	code, err := s.vault.Seal(ctx, tx, s.place(p.Agency, p.ID, "contact_note", "code_word", ""), f.CodeWord)
	if err != nil {
		return err
	}
	they := f.TheyContact
	if f.CodeWord == "" || f.Add {
		have, err := q.ContactNote(ctx, peopledb.ContactNoteParams{AgencyID: p.Agency, PersonID: string(p.ID)})
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if f.CodeWord == "" {
			code = have.CodeWord
		}
		if f.Add && f.NeverSpeak == "" {
			never = have.NeverSpeak
		}
		they = they || f.Add && have.TheyContact
	}
	return q.UpsertContactNote(ctx, peopledb.UpsertContactNoteParams{
		AgencyID: p.Agency, PersonID: string(p.ID), CodeWord: code.Bytes(), NeverSpeak: never.Bytes(), TheyContact: they,
	})
}
