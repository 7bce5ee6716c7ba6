package support

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/support/supportdb"
	"waymark/internal/platform/store"
	"waymark/internal/registers/people"
)

const contactTable = "support_contact"

func itoa(n int) string { return strconv.Itoa(n) }

func nullTime(t time.Time) sql.NullTime { return sql.NullTime{Time: t, Valid: true} }

// sentence joins what is not empty, with one full stop after each.
func sentence(parts []string) string {
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p == "" {
			continue
		}
		if !strings.ContainsAny(p[len(p)-1:], ".?!”") {
			p += "."
		}
		out = append(out, p)
	}
	return strings.Join(out, " ")
}

func (s *Service) insert(ctx context.Context, tx *store.Tx, f *cases.File, c Contact) (string, error) {
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	words, err := seal(ctx, tx, f, contactTable, id, c.Words)
	if err != nil {
		return "", err
	}
	return id, supportdb.New(tx).InsertContact(ctx, supportdb.InsertContactParams{
		AgencyID: f.Agency(), ID: id, FileID: string(f.ID()), State: string(c.State), Outward: c.Outward, Whom: string(c.Whom), Channel: string(c.Channel),
		Message: c.Message, At: store.Moment(c.At), Outcome: string(c.Outcome), Verdict: string(c.Verdict), Reason: string(c.Reason), Flagged: c.Flagged,
		TaskID: c.task, Words: words, RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
	})
}

func (s *Service) set(ctx context.Context, tx *store.Tx, f *cases.File, c Contact) error {
	words, err := seal(ctx, tx, f, contactTable, string(c.ID), c.Words)
	if err != nil {
		return err
	}
	return store.Changed(supportdb.New(tx).SetContact(ctx, supportdb.SetContactParams{
		AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(c.ID), State: string(c.State), At: store.Moment(c.At), Outcome: string(c.Outcome),
		Verdict: string(c.Verdict), Reason: string(c.Reason), Flagged: c.Flagged, Words: words, RecordedAt: tx.Now(), RecordedBy: f.Actor().Account, Channel: string(c.Channel),
	}))
}

// Contact is one contact of a file.
func (s *Service) Contact(ctx context.Context, tx *store.Tx, f *cases.File, id ContactID) (Contact, error) {
	if err := show(ctx, f); err != nil {
		return Contact{}, err
	}
	return s.contact(ctx, tx, f, id)
}

func (s *Service) contact(ctx context.Context, tx *store.Tx, f *cases.File, id ContactID) (Contact, error) {
	row, err := supportdb.New(tx).ContactByID(ctx, supportdb.ContactByIDParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if err != nil {
		return Contact{}, missing(err)
	}
	return contactOf(ctx, tx, row)
}

// Contacts are the newest contacts of a file, the newest first, at most limit
// of them.
func (s *Service) Contacts(ctx context.Context, tx *store.Tx, f *cases.File, limit int) ([]Contact, error) {
	if err := show(ctx, f); err != nil {
		return nil, err
	}
	rows, err := supportdb.New(tx).Contacts(ctx, supportdb.ContactsParams{AgencyID: f.Agency(), FileID: string(f.ID()), Limit: rows32(limit)})
	if err != nil {
		return nil, err
	}
	out := make([]Contact, len(rows))
	for i, row := range rows {
		if out[i], err = contactOf(ctx, tx, row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func contactOf(ctx context.Context, tx *store.Tx, row supportdb.SupportContact) (Contact, error) {
	c := Contact{
		ID: ContactID(row.ID), State: State(row.State), Outward: row.Outward, Whom: Whom(row.Whom), Channel: people.Channel(row.Channel), Message: row.Message,
		At: row.At, Outcome: Outcome(row.Outcome), Verdict: Answer(row.Verdict), Reason: Reason(row.Reason), Flagged: row.Flagged,
		RecordedAt: row.RecordedAt, RecordedBy: row.RecordedBy, task: row.TaskID,
	}
	return c, unseal(ctx, tx, row.AgencyID, contactTable, row.ID, row.Words, &c.Words)
}

// rows32 is a number of rows as the generated queries take it.
func rows32(n int) int32 { return int32(min(max(n, 0), 10_000)) }
