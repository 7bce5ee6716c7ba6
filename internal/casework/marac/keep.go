package marac

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/marac/maracdb"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/store"
)

// CaseTx is a case of a file. It returns [store.ErrNotFound].
func (s *Service) CaseTx(ctx context.Context, tx *store.Tx, f *cases.File, id CaseID) (Case, error) {
	if !f.Permit().Valid() {
		return Case{}, audit.ErrNoPermit
	}
	row, err := maracdb.New(tx).CaseOfFile(ctx, maracdb.CaseOfFileParams{AgencyID: f.Agency(), FileID: string(f.ID()), ID: string(id)})
	if err != nil {
		return Case{}, missing(err)
	}
	return asCase(ctx, tx, row)
}

// OfFileTx are the cases of a file with those they are about, the oldest first.
func (s *Service) OfFileTx(ctx context.Context, tx *store.Tx, f *cases.File) ([]Case, map[CaseID][]Identity, error) {
	if !f.Permit().Valid() {
		return nil, nil, audit.ErrNoPermit
	}
	q := maracdb.New(tx)
	rows, err := q.CasesOnFile(ctx, maracdb.CasesOnFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, nil, err
	}
	out := make([]Case, len(rows))
	for i, r := range rows {
		if out[i], err = asCase(ctx, tx, r); err != nil {
			return nil, nil, err
		}
	}
	parties, err := q.PartiesOnFile(ctx, maracdb.PartiesOnFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, nil, err
	}
	about := map[CaseID][]Identity{}
	for _, r := range parties {
		one, err := asIdentity(ctx, tx, r)
		if err != nil {
			return nil, nil, err
		}
		about[CaseID(r.CaseID)] = append(about[CaseID(r.CaseID)], one)
	}
	return out, about, nil
}

// IdentitiesTx are those whom cases of a register are about, in the parts given, all
// when none is, by case. The permit is of whoever was let see them.
func (s *Service) IdentitiesTx(ctx context.Context, tx *store.Tx, permit audit.Permit, agency string, ids []CaseID, parts ...Part) (map[CaseID][]Identity, error) {
	if !permit.Valid() {
		return nil, audit.ErrNoPermit
	}
	out := map[CaseID][]Identity{}
	if len(ids) == 0 {
		return out, nil
	}
	args := []any{agency}
	list := func(n int, arg func(int) string) string {
		var in []string
		for i := range n {
			args = append(args, arg(i))
			in = append(in, "$"+strconv.Itoa(len(args)))
		}
		return strings.Join(in, ", ")
	}
	query := "SELECT p.case_id, p.person_id, p.role, p.words_sealed FROM marac_party p WHERE p.agency_id = $1 AND p.case_id IN (" +
		list(len(ids), func(i int) string { return string(ids[i]) }) + ")"
	if len(parts) > 0 {
		query += " AND p.role IN (" + list(len(parts), func(i int) string { return string(parts[i]) }) + ")"
	}
	var found []maracdb.MaracParty
	err := store.Each(ctx, tx, query+" ORDER BY p.case_id, p.role, p.person_id", args, func(rows *sql.Rows) error {
		r := maracdb.MaracParty{AgencyID: agency}
		err := rows.Scan(&r.CaseID, &r.PersonID, &r.Role, &r.WordsSealed)
		found = append(found, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		one, err := asIdentity(ctx, tx, r)
		if err != nil {
			return nil, err
		}
		out[CaseID(r.CaseID)] = append(out[CaseID(r.CaseID)], one)
	}
	return out, nil
}

// SetTx keeps a changed case, when nobody changed it since it was read: otherwise
// it returns [store.ErrConflict]. Who may is for its caller to have judged.
func (s *Service) SetTx(ctx context.Context, tx *store.Tx, f *cases.File, c Case) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	words, err := tx.Vault().SealJSON(ctx, tx, casePlace(f.Agency(), c.ID), c.Words)
	if err != nil {
		return err
	}
	return store.Changed(maracdb.New(tx).SetCase(ctx, maracdb.SetCaseParams{
		AgencyID: f.Agency(), ID: string(c.ID), Version: c.Version, State: string(c.State), Urgent: c.Urgent,
		Visible: string(c.Routes.Visible), Judgement: string(c.Routes.Judgement), Escalation: string(c.Routes.Escalation), Repeated: string(c.Routes.Repeat),
		RuleSince: c.Rule, Repeats: string(c.Repeats), MeetingID: string(c.Meeting), Slot: int64(c.Slot), Idva: string(c.IDVA), CameFrom: c.CameFrom,
		Children: int64(c.Counted.Children), Bme: string(c.Counted.BME), Lgbt: string(c.Counted.LGBT), Disabled: string(c.Counted.Disabled), Male: string(c.Counted.Male),
		Victim1617: string(c.Counted.Young), HarmerTo17: string(c.Counted.YoungWhoHarms),
		WordsSealed: words.Bytes(), RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
	}))
}

// WasHeardTx says that a case that was listed was heard on a day. It returns
// [store.ErrConflict] when it was changed meanwhile, or is on no list.
func (s *Service) WasHeardTx(ctx context.Context, tx *store.Tx, f *cases.File, c Case, day string) error {
	if !f.Permit().Valid() {
		return audit.ErrNoPermit
	}
	return store.Changed(maracdb.New(tx).SetWasHeard(ctx, maracdb.SetWasHeardParams{
		AgencyID: f.Agency(), ID: string(c.ID), Version: c.Version, HeardOn: day, RecordedAt: tx.Now(), RecordedBy: f.Actor().Account,
	}))
}

// NextNumberTx is the next number of a register in the year of a day: 2026/014.
func (s *Service) NextNumberTx(ctx context.Context, tx *store.Tx, agency, day string) (string, error) {
	year := day[:4]
	last, err := maracdb.New(tx).LastNumber(ctx, maracdb.LastNumberParams{AgencyID: agency, Prefix: year + "/%"})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", err
	}
	n := 0
	if last != "" {
		if n, err = strconv.Atoi(strings.TrimPrefix(last, year+"/")); err != nil {
			return "", fmt.Errorf("the number %q of a case: %w", last, err)
		}
	}
	return fmt.Sprintf("%s/%03d", year, n+1), nil
}

// NextSlotTx is the place after the last on the list of a meeting.
func (s *Service) NextSlotTx(ctx context.Context, tx *store.Tx, agency string, id MeetingID) (int, error) {
	last, err := maracdb.New(tx).LastSlot(ctx, maracdb.LastSlotParams{AgencyID: agency, MeetingID: string(id)})
	return int(last) + 1, err
}

// ToComeTx are the meetings of a MARAC that have not begun, the next first.
func (s *Service) ToComeTx(ctx context.Context, tx *store.Tx, agency string) ([]Meeting, error) {
	rows, err := maracdb.New(tx).MeetingsToCome(ctx, maracdb.MeetingsToComeParams{AgencyID: agency, Now: tx.Now()})
	out := make([]Meeting, len(rows))
	for i, r := range rows {
		out[i] = Meeting{
			ID: MeetingID(r.ID), Kind: Kind(r.Kind), Starts: r.StartsAt, Minutes: int(r.Minutes), ClosesList: r.ClosesList, Circulate: r.CirculateAt, Close: r.CloseAt,
			State: MeetingState(r.State), Version: r.Version,
		}
	}
	return out, err
}

// MaracsTx are the MARACs of the deployment, which are no secret.
func (s *Service) MaracsTx(ctx context.Context, tx *store.Tx) ([]Marac, error) {
	rows, err := maracdb.New(tx).MaracTeams(ctx)
	out := make([]Marac, len(rows))
	for i, r := range rows {
		out[i] = asMarac(r)
	}
	return out, err
}

// DistrictOf is the district of a postcode, as areas of MARACs name it: ZZ1 of ZZ1 4QT.
func DistrictOf(postcode string) string {
	code := strings.ToUpper(strings.ReplaceAll(postcode, " ", ""))
	if len(code) < 5 {
		return ""
	}
	return code[:len(code)-3]
}

// ForPlaceTx are the agencies whose MARAC answers for a postcode.
func (s *Service) ForPlaceTx(ctx context.Context, tx *store.Tx, postcode string) ([]string, error) {
	code := DistrictOf(postcode)
	if code == "" {
		return nil, nil
	}
	rows, err := maracdb.New(tx).AreasOfPlace(ctx, maracdb.AreasOfPlaceParams{Kind: "postcode", Code: code})
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.AgencyID
	}
	return out, err
}

// DestroyTx removes the cases of a file from the register.
func (s *Service) DestroyTx(ctx context.Context, tx *store.Tx, f *cases.File) (map[string]int64, error) {
	if !f.Permit().Valid() {
		return nil, audit.ErrNoPermit
	}
	q := maracdb.New(tx)
	parties, err := q.DeletePartiesOnFile(ctx, maracdb.DeletePartiesOnFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	if err != nil {
		return nil, err
	}
	n, err := q.DeleteCasesOnFile(ctx, maracdb.DeleteCasesOnFileParams{AgencyID: f.Agency(), FileID: string(f.ID())})
	return map[string]int64{"cases of the register": n, "people of cases of the register": parties}, err
}

// Today is the day where days are counted.
func (s *Service) Today(at time.Time) string { return at.In(s.zone).Format(time.DateOnly) }
