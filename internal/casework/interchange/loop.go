package interchange

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/platform/audit"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
)

// Standing is where a referral stands, for the programs of its two sides. It says
// nothing about the person.
type Standing struct {
	Share          sharing.ID
	Request        string // what the sender's messages call it; our id where it came from a page
	From, To       string
	FromName       string
	Team           string
	TeamName       string
	State          referral.State
	Urgent         bool
	DueOn          string // YYYY-MM-DD: by when a person acknowledges it
	Reason         referral.Reason
	SentAt         time.Time
	AcknowledgedAt time.Time
	DecidedAt      time.Time
	FeedbackAt     time.Time
	StageAt        time.Time // when it was last said how far it has come
	WithdrawnAt    time.Time
	ExpiresAt      time.Time
}

// Changed is when it last moved. That it expired is a move, too: whoever asks for
// what is new hears of it.
func (st Standing) Changed(now time.Time) time.Time {
	last := st.SentAt
	for _, t := range []time.Time{st.AcknowledgedAt, st.DecidedAt, st.FeedbackAt, st.StageAt, st.WithdrawnAt} {
		if t.After(last) {
			last = t
		}
	}
	if st.expired(now) {
		last = st.ExpiresAt
	}
	return last
}

// expired tells whether time ran out before anybody decided.
func (st Standing) expired(now time.Time) bool {
	return (st.State == referral.Sent || st.State == referral.Acknowledged) && st.WithdrawnAt.IsZero() && !now.Before(st.ExpiresAt)
}

// stands is where it stands in words for people.
func (st Standing) stands(now time.Time) string {
	if st.expired(now) {
		return "Expired before anybody decided"
	}
	return st.State.Label()
}

// reason is why nothing came of it, in words that are the same whoever it is
// about: what a reason tells about the person is told to people alone.
func (st Standing) reason(now time.Time) *concept {
	code, words := "", ""
	switch {
	case !st.WithdrawnAt.IsZero():
		code, words = "withdrawn", "The sender took it back"
	case st.expired(now):
		code, words = "expired", "It expired before anybody decided"
	case st.Reason == "":
		return nil
	case st.Reason == referral.Capacity:
		code, words = string(referral.Capacity), "There is no capacity"
	case st.Reason == referral.NotOurArea:
		code, words = string(referral.NotOurArea), "It is not for the area of the service"
	case st.Reason == referral.Criteria:
		code, words = string(referral.Criteria), "It is not what the service is for"
	default:
		code, words = string(referral.OtherReason), "The team that referred reads why"
	}
	return &concept{Coding: []coding{{System: ownCodes + "decline-reason", Code: code}}, Text: words}
}

// Status is the status of the Task. What an expired referral says is not there
// for the receiver any more, so that nothing comes of it.
func (st Standing) Status(now time.Time) string {
	switch {
	case !st.WithdrawnAt.IsZero():
		return "cancelled"
	case st.State == referral.Declined:
		return "rejected"
	case st.State == referral.Accepted:
		return "accepted"
	case st.State == referral.FedBack || st.State == referral.Contacted || st.State == referral.Engaged:
		return "in-progress"
	case st.State == referral.OnList:
		return "on-hold"
	case st.State == referral.Ended || st.State == referral.PassedOn:
		return "completed"
	case st.expired(now):
		return "failed"
	case st.State == referral.Sent:
		return "requested"
	case st.State == referral.Acknowledged:
		return "received"
	}
	return "in-progress"
}

// Question is what a program asks of the referrals of its teams.
type Question struct {
	ID     string   // one
	Focus  string   // the one whose messages call it so
	Status []string // of these
	After  string   // those after this one, in the order of ids
	Since  time.Time
}

// pageMost is how many are told at once.
const pageMost = 50

// Standings are the referrals that the teams of a program sent or were sent, and
// that fit the question, with whether there are more.
func (s *Service) Standings(ctx context.Context, actor policy.Actor, q Question) ([]Standing, bool, error) {
	scope, permit, err := s.guard.List(ctx, actor, ActFollow, Mapping(), "")
	if err != nil {
		return nil, false, err
	}
	var out []Standing
	more := false
	err = s.db.Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		where := []store.Fragment{
			{SQL: "(s.agency_id = $1 OR s.to_agency = $1)", Args: []any{actor.Agency}}, {SQL: "s.reason = $1", Args: []any{string(sharing.Referral)}}, scope,
		}
		if q.ID != "" {
			where = append(where, store.Fragment{SQL: "s.id = $1", Args: []any{q.ID}})
		}
		if q.Focus != "" {
			where = append(where, store.Fragment{SQL: "(s.id = $1 OR v.request_id = $1)", Args: []any{q.Focus}})
		}
		after := q.After
		for {
			page, err := standings(ctx, tx, where, after)
			if err != nil {
				return err
			}
			for _, st := range page {
				after = string(st.Share)
				if len(q.Status) > 0 && !slices.Contains(q.Status, st.Status(tx.Now())) || st.Changed(tx.Now()).Before(q.Since) {
					continue
				}
				if len(out) == pageMost {
					more = true
					return nil
				}
				out = append(out, st)
			}
			if len(page) <= pageMost {
				return nil
			}
		}
	})
	if err != nil {
		return nil, false, err
	}
	var subjects []audit.Subject
	for _, st := range out {
		subjects = append(subjects, st.Share.Subject())
	}
	return out, more, permit.Show(ctx, subjects...)
}

func standings(ctx context.Context, tx *store.Tx, conditions []store.Fragment, after string) ([]Standing, error) {
	var w store.Where
	for _, c := range conditions {
		w.And(c)
	}
	if after != "" {
		w.And(store.Fragment{SQL: "s.id > $1", Args: []any{after}})
	}
	where, _ := w.SQL()
	rows, err := tx.QueryContext(ctx, `SELECT s.id, COALESCE(v.request_id, ''), s.agency_id, f.name, s.to_agency, s.to_team, COALESCE(t.name, ''), r.state, s.acted_now, s.due_on, r.decision,
		s.sent_at, s.acknowledged_at, r.decided_at, r.feedback_at, g.made_at, s.withdrawn_at, s.expires_at
		FROM share s JOIN referral r ON r.agency_id = s.agency_id AND r.share_id = s.id JOIN agency f ON f.id = s.agency_id
		LEFT JOIN team t ON t.agency_id = s.to_agency AND t.id = s.to_team
		LEFT JOIN referral_stage g ON g.agency_id = s.to_agency AND g.file_id = r.receiver_file AND g.referral_id = r.id AND NOT EXISTS (
			SELECT 1 FROM referral_stage h WHERE h.agency_id = g.agency_id AND h.file_id = g.file_id AND h.referral_id = g.referral_id AND h.id > g.id)
		LEFT JOIN interchange_received v ON v.agency_id = s.agency_id AND v.share_id = s.id
		WHERE `+where+` ORDER BY s.id LIMIT `+w.Arg(pageMost+1), w.Args()...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []Standing
	for rows.Next() {
		var st Standing
		var acknowledged, decided, feedback, stage, withdrawn sql.NullTime
		if err := rows.Scan(&st.Share, &st.Request, &st.From, &st.FromName, &st.To, &st.Team, &st.TeamName, &st.State, &st.Urgent, &st.DueOn, &st.Reason,
			&st.SentAt, &acknowledged, &decided, &feedback, &stage, &withdrawn, &st.ExpiresAt); err != nil {
			return nil, err
		}
		if st.Request == "" {
			st.Request = string(st.Share)
		}
		st.AcknowledgedAt, st.DecidedAt, st.FeedbackAt, st.StageAt, st.WithdrawnAt = acknowledged.Time, decided.Time, feedback.Time, stage.Time, withdrawn.Time
		out = append(out, st)
	}
	return out, rows.Err()
}

// Task is where a referral stands, as a FHIR Task.
func (s *Service) Task(st Standing) []byte { return encoded(s.task(st)) }

func (s *Service) task(st Standing) task {
	now := s.Now()
	out := task{
		ResourceType: "Task", ID: string(st.Share), Status: st.Status(now), Intent: "order", Priority: "routine",
		BusinessStatus: &concept{Text: st.stands(now)},
		Code:           concept{Coding: []coding{{System: taskCode, Code: "fulfill"}}},
		Focus:          reference{Type: "ServiceRequest", Identifier: &identifier{System: uriSystem, Value: urn(st.Request)}},
		For:            reference{Type: "Patient", Display: "The person referred"},
		AuthoredOn:     instant(st.SentAt), LastModified: instant(st.Changed(now)),
		Requester: reference{Type: "Organization", Identifier: &identifier{System: uriSystem, Value: urn(st.From)}, Display: st.FromName},
	}
	if st.Urgent {
		out.Priority = "urgent"
	}
	if st.Team != "" {
		out.Owner = &reference{Type: "HealthcareService", Identifier: &identifier{System: uriSystem, Value: urn(st.Team)}, Display: st.TeamName}
	}
	out.StatusReason = st.reason(now)
	for _, done := range []struct {
		code string
		at   time.Time
	}{{"acknowledged", st.AcknowledgedAt}, {"decided", st.DecidedAt}, {"feedback", st.FeedbackAt}, {"withdrawn", st.WithdrawnAt}} {
		if !done.at.IsZero() {
			out.Output = append(out.Output, taskOutput{Type: concept{Coding: []coding{{System: ownCodes + "referral-moment", Code: done.code}}}, ValueString: instant(done.at)})
		}
	}
	return out
}

// Tasks are the answer to a question as a Bundle; next leads to those after, or
// is empty.
func (s *Service) Tasks(list []Standing, self, next string) []byte {
	total := len(list)
	out := bundle{ResourceType: "Bundle", Type: "searchset", Timestamp: instant(s.Now()), Link: []link{{Relation: "self", URL: self}}}
	if next != "" {
		out.Link = append(out.Link, link{Relation: "next", URL: next})
	} else {
		out.Total = &total
	}
	for _, st := range list {
		out.Entry = append(out.Entry, entry{FullURL: urn(string(st.Share)), Resource: s.Task(st)})
	}
	return encoded(out)
}

// Statuses are those that can be asked for.
func Statuses() []string {
	return []string{"requested", "received", "accepted", "rejected", "in-progress", "on-hold", "completed", "cancelled", "failed"}
}

// ParseQuestion reads what a program asks. It returns a *[Refusal].
func ParseQuestion(get func(string) string) (Question, error) {
	q := Question{ID: get("_id"), After: get("after"), Focus: strings.TrimPrefix(get("focus:identifier"), uriSystem+"|")}
	q.Focus = strings.TrimPrefix(q.Focus, "urn:uuid:")
	if status := get("status"); status != "" {
		q.Status = strings.Split(status, ",")
		for _, one := range q.Status {
			if !slices.Contains(Statuses(), one) {
				return q, refuse(badRequest, "value", "status", "The statuses are "+strings.Join(Statuses(), ", "))
			}
		}
	}
	if since := get("_lastUpdated"); since != "" {
		at, err := time.Parse(time.RFC3339, strings.TrimPrefix(since, "ge"))
		if err != nil || !strings.HasPrefix(since, "ge") {
			return q, refuse(badRequest, "value", "_lastUpdated", "Enter a time like ge2026-01-31T09:00:00Z")
		}
		q.Since = at
	}
	return q, nil
}
