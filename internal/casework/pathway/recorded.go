package pathway

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/store"
)

// settingFact is the fact that says in which setting a person was seen.
const settingFact = "enquiry.seen"

// recorded is what conditions can ask of a case.
type recorded struct {
	facts    Facts
	settings map[string]bool
	side     cases.Side
}

// filesOf are the marks of some files in a list of a statement whose first
// argument is their agency, and its arguments.
func filesOf(agency string, files []string) (in string, args []any) {
	args = []any{agency}
	marks := make([]string, len(files))
	for i, f := range files {
		args = append(args, f)
		marks[i] = fmt.Sprintf("$%d", len(args))
	}
	return strings.Join(marks, ", "), args
}

// readRecorded reads what is recorded of some files of an agency, in one
// statement. Of what is alike (entries of a kind, facts of a kind with the same
// properties) it reads the first and the last: their number follows the
// vocabulary and not the length of the cases.
func readRecorded(ctx context.Context, tx *store.Tx, agency string, files ...string) (map[string]recorded, error) {
	in, args := filesOf(agency, files)
	of := func(column string) string { return " WHERE agency_id = $1 AND " + column + " IN (" + in + ")" }
	rows, err := tx.QueryContext(ctx, `SELECT file_id, 'event' AS what, kind, '' AS properties, MIN(id), MAX(id) FROM event`+of("file_id")+` GROUP BY file_id, kind
		UNION ALL SELECT file_id, 'fact', kind, CAST(dimensions AS text), MIN(id), MAX(id) FROM fact`+of("file_id")+` GROUP BY file_id, kind, CAST(dimensions AS text)
		UNION ALL SELECT file_id, 'party', role, '', MIN(person_id), MIN(person_id) FROM party`+of("file_id")+` GROUP BY file_id, role
		UNION ALL SELECT id, 'side', side, '', '', '' FROM file`+of("id"), args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	out := map[string]recorded{}
	for rows.Next() {
		var file, what, kind, properties, first, last string
		if err := rows.Scan(&file, &what, &kind, &properties, &first, &last); err != nil {
			return nil, err
		}
		r, there := out[file]
		if !there {
			r = recorded{facts: Facts{Parties: map[cases.Role]time.Time{}}, settings: map[string]bool{}}
		}
		if err := r.take(what, kind, properties, first, last); err != nil {
			return nil, err
		}
		out[file] = r
	}
	return out, rows.Err()
}

// take adds a row.
func (r *recorded) take(what, kind, properties, first, last string) error {
	if what == "side" {
		r.side = cases.Side(kind)
		return nil
	}
	var h Happening
	var err error
	if h.At, err = moment(first); err == nil {
		h.Last, err = moment(last)
	}
	if err != nil {
		return fmt.Errorf("what is recorded of a case: %w", err)
	}
	switch what {
	case "party":
		r.facts.Parties[cases.Role(kind)] = h.At
		return nil
	case "event":
		h.Event = cases.EventKind(kind)
	default:
		h.Fact = kind
		if err := json.Unmarshal([]byte(properties), &h.Where); err != nil {
			return fmt.Errorf("the properties of a fact: %w", err)
		}
		if kind == settingFact {
			r.settings[h.Where["setting"]] = true
		}
	}
	r.facts.Happened = append(r.facts.Happened, h)
	return nil
}

// moment is when something was recorded: it stands in its id.
func moment(id string) (time.Time, error) {
	parsed, err := uuid.Parse(id)
	if err != nil {
		return time.Time{}, err
	}
	sec, nsec := parsed.Time().UnixTime()
	return time.Unix(sec, nsec).UTC(), nil
}
