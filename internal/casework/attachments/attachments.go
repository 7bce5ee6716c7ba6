package attachments

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"waymark/internal/casework/attachments/attachmentsdb"
	"waymark/internal/casework/cases"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// ID names an attachment.
type ID string

// Subject is the attachment in a ledger entry.
func (id ID) Subject() audit.Subject { return audit.Subject{Kind: "attachment", ID: string(id)} }

// Attachment is a document or a picture on a file, without its bytes.
type Attachment struct {
	ID          ID
	Number      int64 // within the file
	Kind        Kind
	Size        int64
	Cleaned     bool
	Compartment cases.Compartment
	Name        string // as it was called
	About       string // what it is
	AddedAt     time.Time
	AddedBy     string
	ErasedAt    time.Time // zero: it is there
	// Apart tells that the reader has no permission for its compartment.
	Apart bool
}

// LogValue implements [slog.LogValuer].
func (Attachment) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Path is the address of its page.
func (a Attachment) Path(f *cases.File) string { return f.Path() + "/attachments/" + string(a.ID) }

// SaveAs is the neutral name that it is saved under.
func (a Attachment) SaveAs() string {
	return fmt.Sprintf("document-%d%s", a.Number, a.Kind.Extension())
}

// Service keeps attachments.
type Service struct {
	db    *store.DB
	guard *audit.Guard
	cases *cases.Service
	// turn lets one picture be unpacked at a time: each may take 100 megabytes.
	turn chan struct{}
}

// New makes the service.
func New(db *store.DB, guard *audit.Guard, files *cases.Service) *Service {
	return &Service{db: db, guard: guard, cases: files, turn: make(chan struct{}, 1)}
}

// NewAttachment is what somebody adds.
type NewAttachment struct {
	Name        string // as the browser says it is called; kept for people to know it by
	About       string
	Compartment cases.Compartment
	Body        []byte
	// Known says that the uploader was told that a PDF is kept as it is.
	Known bool
}

const (
	nameMax   = 200
	aboutMax  = 500
	pieceSize = 512 << 10
	fileMost  = 200
)

// baseName is the name without any path, readable.
func baseName(name string) string {
	if at := strings.LastIndexAny(name, `/\`); at >= 0 {
		name = name[at+1:]
	}
	name = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || !unicode.IsPrint(c) {
			return -1
		}
		return c
	}, strings.ToValidUTF8(name, ""))
	runes := []rune(strings.Trim(strings.TrimSpace(name), "."))
	return string(runes[:min(len(runes), nameMax)])
}

// Add cleans, seals and keeps a document or picture. It returns forms.Errors by
// the fields file, about, compartment and known.
func (s *Service) Add(ctx context.Context, f *cases.File, n NewAttachment) (ID, error) {
	var errs forms.Errors
	switch {
	case strings.TrimSpace(n.About) == "":
		errs.Add("about", "Write what it is, such as “Letter from the landlord”")
	case len(n.About) > aboutMax:
		errs.Add("about", "Shorten this to 500 characters or fewer")
	}
	if n.Compartment != "" {
		if _, err := cases.ParseCompartment(string(n.Compartment)); err != nil {
			errs.Add("compartment", "Select who may look at it")
		}
	}
	if err := s.may(ctx, f); err != nil {
		return "", err
	}
	kind, body, cleaned, err := s.clean(ctx, n.Body)
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.Is(err, ErrEmpty):
		errs.Add("file", "Select a document or a picture")
	case err != nil:
		errs.Add("file", "This was not added: "+err.Error())
	case !cleaned && !n.Known:
		errs.Add("known", "Say that you know what a PDF can tell about whoever made it")
	}
	if errs.Any() {
		return "", errs
	}
	var id string
	err = s.db.Write(ctx, func(ctx context.Context, tx *store.Tx) error {
		var err error
		if id, err = tx.NewID(); err != nil {
			return err
		}
		q := attachmentsdb.New(tx)
		had, err := q.NextNumber(ctx, attachmentsdb.NextNumberParams{AgencyID: f.Agency(), FileID: string(f.ID())})
		if err != nil {
			return err
		}
		if had >= fileMost {
			return forms.Errors{{Field: "file", Message: "This case has 200 documents already. Ask your manager what can go"}}
		}
		v := &vault{ctx: ctx, tx: tx, vault: s.db.Vault(), agency: f.Agency()}
		p := attachmentsdb.InsertParams{
			AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), Number: had + 1, Kind: string(kind), Size: int64(len(body)), Cleaned: cleaned,
			Compartment: string(n.Compartment), Name: v.seal("attachment", "name", id, baseName(n.Name)), About: v.seal("attachment", "about", id, n.About),
			AddedAt: tx.Now(), AddedBy: f.Actor().Account,
		}
		if v.err != nil {
			return v.err
		}
		if err := q.Insert(ctx, p); err != nil {
			return err
		}
		for seq := 0; len(body) > 0; seq++ {
			size := min(len(body), pieceSize)
			sealed := v.seal("attachment_piece", "body", fmt.Sprintf("%s/%d", id, seq), string(body[:size]))
			if v.err != nil {
				return v.err
			}
			if err := q.InsertPiece(ctx, attachmentsdb.InsertPieceParams{AgencyID: f.Agency(), AttachmentID: id, Seq: int64(seq), Body: sealed}); err != nil {
				return err
			}
			body = body[size:]
		}
		if _, err := s.cases.Record(ctx, tx, f, cases.Event{Kind: cases.AttachmentAdded, On: tx.Now().Format(time.DateOnly), Text: kind.Label() + ".", Ref: id}); err != nil {
			return err
		}
		return f.Permit().Append(tx, ActAdd, string(kind), f.ID().Subject(), f.Person().Subject(), ID(id).Subject())
	})
	return ID(id), err
}

func (s *Service) may(ctx context.Context, f *cases.File) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	_, err := s.guard.Act(ctx, f.Actor(), ActAdd, f.Resource(), true, f.ID().Subject())
	return err
}

func (s *Service) clean(ctx context.Context, raw []byte) (Kind, []byte, bool, error) {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return "", nil, false, ctx.Err()
	}
	defer func() { <-s.turn }()
	return Clean(raw)
}

// List are the attachments of a file, the newest first. Of those in
// compartments that the reader may not read, only that they exist.
func (s *Service) List(ctx context.Context, tx *store.Tx, f *cases.File) ([]Attachment, error) {
	if err := f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject()); err != nil {
		return nil, err
	}
	rows, err := attachmentsdb.New(tx).OfFile(ctx, attachmentsdb.OfFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	v := &vault{ctx: ctx, tx: tx, vault: s.db.Vault(), agency: f.Agency()}
	out := make([]Attachment, len(rows))
	for i, r := range rows {
		out[i] = s.asAttachment(v, f, attachmentsdb.ByIDRow(r))
	}
	return out, errors.Join(err, v.err)
}

func (s *Service) asAttachment(v *vault, f *cases.File, r attachmentsdb.ByIDRow) Attachment {
	a := Attachment{
		ID: ID(r.ID), Number: r.Number, Kind: Kind(r.Kind), Size: r.Size, Cleaned: r.Cleaned, Compartment: cases.Compartment(r.Compartment),
		AddedAt: r.AddedAt, AddedBy: r.AddedBy, ErasedAt: r.ErasedAt.Time,
	}
	if a.Apart = !s.cases.MayRead(f, a.Compartment); !a.Apart {
		a.Name, a.About = v.open("attachment", "name", r.ID, r.Name), v.open("attachment", "about", r.ID, r.About)
	}
	return a
}

// Get returns an attachment of a file. It is not there for whoever may not read
// its compartment, nor after it was erased.
func (s *Service) Get(ctx context.Context, tx *store.Tx, f *cases.File, id ID) (Attachment, error) {
	if !f.Permit().Valid() {
		return Attachment{}, audit.ErrNoPermit
	}
	row, err := attachmentsdb.New(tx).ByID(ctx, attachmentsdb.ByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if err != nil {
		return Attachment{}, err
	}
	v := &vault{ctx: ctx, tx: tx, vault: s.db.Vault(), agency: f.Agency()}
	a := s.asAttachment(v, f, row)
	switch {
	case v.err != nil:
		return Attachment{}, v.err
	case a.Apart || !a.ErasedAt.IsZero():
		return Attachment{}, store.ErrNotFound
	}
	return a, f.Permit().Show(ctx, f.ID().Subject(), f.Person().Subject(), id.Subject())
}

// View opens an attachment to be looked at or saved. Each viewing is in the
// ledger.
func (s *Service) View(ctx context.Context, f *cases.File, id ID) (Attachment, []byte, error) {
	if !f.Permit().Valid() {
		return Attachment{}, nil, audit.ErrNoPermit
	}
	if _, err := s.guard.Open(ctx, f.Actor(), ActView, f.Resource(), string(cases.Care), true, f.ID().Subject(), f.Person().Subject(), id.Subject()); err != nil {
		return Attachment{}, nil, err
	}
	var a Attachment
	var body []byte
	err := s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) (err error) {
		if a, err = s.Get(ctx, tx, f, id); err != nil {
			return err
		}
		rows, err := attachmentsdb.New(tx).Pieces(ctx, attachmentsdb.PiecesParams{AgencyID: f.Agency(), AttachmentID: string(id)})
		v := &vault{ctx: ctx, tx: tx, vault: s.db.Vault(), agency: f.Agency()}
		body = make([]byte, 0, a.Size)
		for _, r := range rows {
			body = append(body, v.open("attachment_piece", "body", fmt.Sprintf("%s/%d", id, r.Seq), r.Body)...)
		}
		if err := errors.Join(err, v.err); err != nil {
			return err
		}
		if int64(len(body)) != a.Size {
			return fmt.Errorf("attachment %s has %d of %d bytes", id, len(body), a.Size)
		}
		return nil
	})
	return a, body, err
}

// Part is what this package keeps with a file.
func (s *Service) Part() cases.Part {
	return cases.Part{Code: "attachment", Name: "Documents and pictures"}
}

// Pieces are the attachments of a file by what they are. Their bytes are not
// copied: they are printed or shown by hand, each after a decision.
func (s *Service) Pieces(ctx context.Context, tx *store.Tx, f *cases.File) ([]cases.Piece, int, error) {
	list, err := s.List(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	var out []cases.Piece
	apart := 0
	for _, a := range list {
		switch {
		case !a.ErasedAt.IsZero():
		case a.Apart:
			apart++
		default:
			out = append(out, cases.Piece{
				Ref: string(a.ID), On: a.AddedAt.Format(time.DateOnly), Title: fmt.Sprintf("%s, number %d", a.Kind.Label(), a.Number),
				Lines: []string{a.About, "A print of it goes with this copy."}, Compartment: a.Compartment, Hidden: true, Erasable: true,
			})
		}
	}
	return out, apart, nil
}

// Erase removes the bytes, the name and what was said about an attachment.
func (s *Service) Erase(ctx context.Context, tx *store.Tx, f *cases.File, ref string) error {
	if _, err := s.Get(ctx, tx, f, ID(ref)); err != nil {
		return err
	}
	q := attachmentsdb.New(tx)
	if _, err := q.DeletePieces(ctx, attachmentsdb.DeletePiecesParams{AgencyID: f.Agency(), AttachmentID: ref}); err != nil {
		return err
	}
	at := tx.Now()
	p := attachmentsdb.EraseParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: ref, Name: []byte{}}
	p.ErasedAt.Time, p.ErasedAt.Valid = at, true
	return store.Changed(q.Erase(ctx, p))
}

// Destroy removes the attachments of a file.
func (s *Service) Destroy(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	q := attachmentsdb.New(tx)
	if _, err := q.DeletePiecesOf(ctx, attachmentsdb.DeletePiecesOfParams{AgencyID: f.Agency(), FileID: string(f.ID())}); err != nil {
		return nil, err
	}
	n, err := q.DeleteOf(ctx, attachmentsdb.DeleteOfParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"documents and pictures": n}, err
}

type vault struct {
	ctx    context.Context
	tx     *store.Tx
	vault  *store.Vault
	agency string
	err    error
}

func (v *vault) seal(table, column, row, text string) []byte {
	if v.err != nil {
		return []byte{}
	}
	sealed, err := v.vault.Seal(v.ctx, v.tx, store.Place{Agency: v.agency, Table: table, Column: column, Row: row}, text)
	v.err = err
	return sealed.Bytes()
}

func (v *vault) open(table, column, row string, sealed []byte) string {
	if v.err != nil {
		return ""
	}
	text, err := v.vault.Open(v.ctx, v.tx, store.Place{Agency: v.agency, Table: table, Column: column, Row: row}, sealed)
	v.err = err
	return text
}
