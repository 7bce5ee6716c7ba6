package rights

import (
	"context"
	"errors"
	"slices"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/rights/rightsdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// CorrectionKind is what is asked for.
type CorrectionKind string

// The kinds.
const (
	Rectify CorrectionKind = "correct"
	Erase   CorrectionKind = "erase"
)

// CorrectionKinds lists them in the order in which they are offered.
func CorrectionKinds() []CorrectionKind { return []CorrectionKind{Rectify, Erase} }

// Label is the kind in words for people.
func (k CorrectionKind) Label() string {
	switch k {
	case Rectify:
		return "To correct it"
	case Erase:
		return "To erase it"
	}
	return string(k)
}

// CorrectionState is where a correction stands.
type CorrectionState string

// The states.
const (
	CorrectionAsked   CorrectionState = "asked"
	CorrectionAgreed  CorrectionState = "agreed"
	CorrectionRefused CorrectionState = "refused"
)

// Label is the state in words for people.
func (s CorrectionState) Label() string {
	switch s {
	case CorrectionAsked:
		return "To be decided"
	case CorrectionAgreed:
		return "Agreed, and done"
	case CorrectionRefused:
		return "Refused"
	}
	return string(s)
}

// Correction is what somebody says is wrong, or should not be there.
type Correction struct {
	ID        string
	Request   string // of the person, or empty: noticed at work
	Kind      CorrectionKind
	Part, Ref string
	Asked     string
	AskedAt   time.Time
	AskedBy   string
	State     CorrectionState
	Reason    string
	DecidedAt time.Time
	DecidedBy string
	Version   int64
}

// Path is the address of its page.
func (c Correction) Path(f *cases.File) string { return f.Path() + "/corrections/" + c.ID }

// NewCorrection is what is said to be wrong.
type NewCorrection struct {
	Request string
	Kind    CorrectionKind
	Part    string
	Ref     string
	Asked   string
}

// Subject is a correction in a ledger entry.
func correctionSubject(id string) audit.Subject { return audit.Subject{Kind: "correction", ID: id} }

// Ask records what is said to be wrong. In the person's name it takes a request
// that they confirmed; what a worker notices takes none, but erases nothing.
func (s *Service) Ask(ctx context.Context, f *cases.File, n NewCorrection) error {
	var errs forms.Errors
	if !known(CorrectionKinds(), n.Kind) {
		errs.Add("kind", "Select what is asked for")
	}
	if _, k := s.part(n.Part); k == nil || n.Ref == "" {
		errs.Add("piece", "Select what it is about")
	}
	need(&errs, "asked", n.Asked, "Write what is wrong with it, in their words if you can")
	if n.Kind == Erase && n.Request == "" {
		errs.Add("request", "Select the request: only what the person asks for themselves is erased")
	}
	if errs.Any() {
		return errs
	}
	if err := s.judge(ctx, f, ActCorrect); err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		if n.Request != "" {
			kind := cases.Rectification
			if n.Kind == Erase {
				kind = cases.Erasure
			}
			if _, err := s.confirmed(ctx, tx, f, n.Request, kind); errors.Is(err, store.ErrNotFound) {
				return forms.Errors{{Field: "request", Message: "Select a request of this case that asks for the same"}}
			} else if err != nil {
				return err
			}
		}
		p, err := s.piece(ctx, tx, f, n.Part, n.Ref)
		if errors.Is(err, store.ErrNotFound) {
			return forms.Errors{{Field: "piece", Message: "Select what it is about"}}
		}
		if err != nil {
			return err
		}
		if n.Kind == Erase && !p.Erasable {
			return forms.Errors{{Field: "piece", Message: "This cannot be erased by itself: it goes with the whole case when its time has come"}}
		}
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		v := s.vault(ctx, tx, f.Agency())
		arg := rightsdb.InsertCorrectionParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), RequestID: n.Request, Kind: string(n.Kind), Part: n.Part, Ref: n.Ref,
			Asked: v.seal("correction", "asked", id, n.Asked), AskedAt: tx.Now(), AskedBy: f.Actor().Account, Reason: []byte{},
		}
		if v.err != nil {
			return v.err
		}
		if err := rightsdb.New(tx).InsertCorrection(ctx, arg); err != nil {
			return err
		}
		return f.Permit().Append(tx, ActCorrect, "ask "+string(n.Kind), f.ID().Subject(), f.Person().Subject(), correctionSubject(id))
	})
}

// correctable tells whether a part of a file can be corrected here. Who somebody
// is, is changed where it is written; what was sent stays what was sent, and so
// does the referral it was sent with.
func correctable(part string) bool {
	return part != cases.PartPeople && part != "packet" && part != "referral"
}

// Choosable are the pieces of a file that a correction can be about, with the
// part each is in.
func (s *Service) Choosable(ctx context.Context, tx *store.Tx, f *cases.File) (map[string][]cases.Piece, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return nil, err
	}
	out := map[string][]cases.Piece{}
	for _, k := range s.keepers {
		if !correctable(k.Part().Code) {
			continue
		}
		pieces, _, err := k.Pieces(ctx, tx, f)
		if err != nil {
			return nil, err
		}
		out[k.Part().Code] = pieces
	}
	return out, nil
}

func (s *Service) piece(ctx context.Context, tx *store.Tx, f *cases.File, part, ref string) (cases.Piece, error) {
	_, k := s.part(part)
	if k == nil || !correctable(part) {
		return cases.Piece{}, store.ErrNotFound
	}
	pieces, _, err := k.Pieces(ctx, tx, f)
	if err != nil {
		return cases.Piece{}, err
	}
	n := slices.IndexFunc(pieces, func(p cases.Piece) bool { return p.Ref == ref })
	if n < 0 {
		return cases.Piece{}, store.ErrNotFound
	}
	return pieces[n], nil
}

// Corrections are those of a file, the newest first.
func (s *Service) Corrections(ctx context.Context, tx *store.Tx, f *cases.File) ([]Correction, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return nil, err
	}
	return s.corrections(ctx, tx, f)
}

func (s *Service) corrections(ctx context.Context, tx *store.Tx, f *cases.File) ([]Correction, error) {
	rows, err := rightsdb.New(tx).Corrections(ctx, rightsdb.CorrectionsParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	v := s.vault(ctx, tx, f.Agency())
	out := make([]Correction, len(rows))
	for i, r := range rows {
		out[i] = Correction{
			ID: r.ID, Request: r.RequestID, Kind: CorrectionKind(r.Kind), Part: r.Part, Ref: r.Ref, Asked: v.open("correction", "asked", r.ID, r.Asked),
			AskedAt: r.AskedAt, AskedBy: r.AskedBy, State: CorrectionState(r.State), Reason: v.open("correction", "reason", r.ID, r.Reason),
			DecidedAt: r.DecidedAt.Time, DecidedBy: r.DecidedBy, Version: r.Version,
		}
	}
	return out, errors.Join(err, v.err)
}

// Correction is one of a file, with the piece it is about; the piece is nil
// when it is not there any more.
func (s *Service) Correction(ctx context.Context, tx *store.Tx, f *cases.File, id string) (Correction, *cases.Piece, error) {
	list, err := s.Corrections(ctx, tx, f)
	if err != nil {
		return Correction{}, nil, err
	}
	n := slices.IndexFunc(list, func(c Correction) bool { return c.ID == id })
	if n < 0 {
		return Correction{}, nil, store.ErrNotFound
	}
	p, err := s.piece(ctx, tx, f, list[n].Part, list[n].Ref)
	if errors.Is(err, store.ErrNotFound) {
		return list[n], nil, nil
	}
	if err == nil {
		err = show(ctx, f, Item{About: p.About})
	}
	return list[n], &p, err
}

// Decided is what was decided about a correction.
type Decided struct {
	Version int64
	Agreed  bool
	Reason  string
	Text    string // what it says now, for a correction that is agreed
}

// Settle decides about a correction and does it. A correction is a new entry
// of the chronology that names the one it corrects, which stays as it was,
// struck through. An erasure takes a second person and no legal hold; the words
// go, from working copies too, and that something was erased stays.
func (s *Service) Settle(ctx context.Context, f *cases.File, id string, d Decided) error {
	var c Correction
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		c, _, err = s.Correction(ctx, tx, f, id)
		return err
	})
	if err != nil {
		return err
	}
	var errs forms.Errors
	need(&errs, "reason", d.Reason, "Write why")
	if d.Agreed && c.Kind == Rectify {
		need(&errs, "text", d.Text, "Write what is right")
	}
	if errs.Any() {
		return errs
	}
	action := ActCorrect
	if c.Kind == Erase && d.Agreed {
		action = ActErase
		err = s.second(ctx, f, ActErase, id, []string{c.AskedBy})
	} else {
		err = s.judge(ctx, f, ActCorrect)
	}
	if err != nil {
		return err
	}
	return s.change(ctx, f, action, correctionSubject(id), "", func(ctx context.Context, tx *store.Tx) error {
		v := s.vault(ctx, tx, f.Agency())
		p := rightsdb.DecideCorrectionParams{
			AgencyID: f.Agency(), FileID: string(f.ID()), ID: id, Version: d.Version, State: string(CorrectionRefused),
			Reason: v.seal("correction", "reason", id, d.Reason), DecidedAt: nullTime(tx.Now()), DecidedBy: f.Actor().Account,
		}
		if d.Agreed {
			p.State = string(CorrectionAgreed)
		}
		if v.err != nil {
			return v.err
		}
		if err := store.Changed(rightsdb.New(tx).DecideCorrection(ctx, p)); err != nil {
			return err
		}
		e := cases.Event{Kind: cases.CorrectionRefused, On: today(tx), Ref: c.Ref, Text: d.Reason}
		switch {
		case d.Agreed && c.Kind == Erase:
			e.Kind, e.Text = cases.EntryErased, ""
			if err := s.erase(ctx, tx, f, c); err != nil {
				return err
			}
		case d.Agreed:
			e.Kind, e.Text = cases.EntryCorrected, d.Text
		}
		_, err := s.cases.Record(ctx, tx, f, e)
		return err
	})
}

func (s *Service) erase(ctx context.Context, tx *store.Tx, f *cases.File, c Correction) error {
	holds, err := s.holds(ctx, tx, f)
	if err != nil {
		return err
	}
	if held(holds) {
		return forms.Errors{{Field: "reason", Message: "A legal hold keeps everything in this case. Nothing is erased while it stands"}}
	}
	_, k := s.part(c.Part)
	if k == nil {
		return store.ErrNotFound
	}
	if err := k.Erase(ctx, tx, f, c.Ref); err != nil {
		return err
	}
	if err := s.cases.BlankAbout(ctx, tx, f, c.Ref); err != nil {
		return err
	}
	q := rightsdb.New(tx)
	err = q.EmptyItems(ctx, rightsdb.EmptyItemsParams{AgencyID: f.Agency(), FileID: string(f.ID()), Part: c.Part, Ref: c.Ref, Nothing: []byte{}})
	if err != nil {
		return err
	}
	// What was said about it may repeat it.
	return q.EmptyCorrections(ctx, rightsdb.EmptyCorrectionsParams{AgencyID: f.Agency(), FileID: string(f.ID()), Part: c.Part, Ref: c.Ref, Asked: []byte{}})
}

// MayErase tells whether whoever opened the file may agree to an erasure.
func (s *Service) MayErase(f *cases.File, c Correction) bool {
	return s.maySecond(f, ActErase, c.ID, []string{c.AskedBy})
}
