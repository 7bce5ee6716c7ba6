package cases

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"waymark/internal/casework/cases/casesdb"
	"waymark/internal/platform/forms"
	"waymark/internal/platform/store"
)

// Topic is what an entry of a chronology is about, for whoever reads a part of
// it.
type Topic string

// The topics. Every kind of entry has one.
const (
	TopicAsked    Topic = "asked"    // asking, and what was said
	TopicSafety   Topic = "safety"   // immediate safety, risk, safety plans, courts and orders, and what was done at once
	TopicContact  Topic = "contact"  // how the person can be reached, and was
	TopicSupport  Topic = "support"  // needs, goals, what was offered and what came of it
	TopicSharing  Topic = "sharing"  // what went to other agencies and came from them
	TopicRequests Topic = "requests" // what was asked in the person's name, and their rights
	TopicNotes    Topic = "notes"    // notes, documents and what was done
	TopicFile     Topic = "file"     // the case itself: who has it, who may see it
)

// Topics lists the topics in the order in which they are offered.
func Topics() []Topic {
	return []Topic{TopicAsked, TopicSafety, TopicContact, TopicSupport, TopicSharing, TopicRequests, TopicNotes, TopicFile}
}

// Label is the topic in words for people.
func (t Topic) Label() string {
	switch t {
	case TopicAsked:
		return "Asking and disclosure"
	case TopicSafety:
		return "Safety and risk"
	case TopicContact:
		return "Contact"
	case TopicSupport:
		return "Needs and support"
	case TopicSharing:
		return "Referrals and shares"
	case TopicRequests:
		return "Requests and rights"
	case TopicNotes:
		return "Notes and documents"
	case TopicFile:
		return "The case itself"
	}
	return string(t)
}

// Topic is what entries of a kind are about.
func (k EventKind) Topic() Topic {
	switch k {
	case EnquiryMade, EnquiryNotMade, Disclosed:
		return TopicAsked
	case ImmediateSafety, ActedNow, RiskIdentified, RiskFollowedUp, HighRisk, MARACRoute, PlanMade, PlanReviewed, PlanChange, PlanStep, PlanCopied,
		HearingListed, HearingEnded, OrderRecorded, OrderServed, OrderChanged,
		MarriageTold, CapacityNoted, HarmReported, PatternJudged, SecondGiven, SideDecided:
		return TopicSafety
	case ContactRecorded, ContactPlanned, ContactMade, ContactTried, ContactRefused, CautiousAttempt, LetterWritten, LetterSettled, NotReached, AppointmentTold,
		AddressGuarded:
		return TopicContact
	case Offered, OfferAnswered, ReferralSent, ReferralReceived, ReferralStage, PassedOn, AskReceived, Acknowledged, ShareWithdrawn, SharedAgainst, SharingReviewed,
		AdviceAsked, AdviceGiven, ShareJustified, ShareChased, ShareCorrected, ReferralDecided, FeedbackSent, FeedbackReceived,
		MessageTaken, MessageHeldUp, MessageRefused, MARACReferred, MARACReceived, MARACAnswered, MARACRepeat, ResearchReturned, MARACFlagged, MARACAction:
		return TopicSharing
	case RequestReceived, RequestSettled, HoldSet, HoldLifted, CopyReleased, EntryCorrected, EntryErased, CorrectionRefused:
		return TopicRequests
	case SupportBegun, NeedRecorded, NeedChanged, GoalSet, ActionAgreed, ActionEnded, SupportOffered, SupportPlanned, OutcomeAsked, TheirFeedback,
		Appointed, AppointmentMoved, AppointmentOff, AppointmentUnsafe, AppointmentAsked, AppointmentStands, AppointmentEnded,
		GroupOffered, GroupJoined, GroupUnsafe, GroupStands, GroupLeft, GroupAttended,
		WaitingBegun, WaitingLooked, WaitingEnded, PathwayAnswered, CircumstanceTold, AdvicePointedTo:
		return TopicSupport
	case Note, AttachmentAdded, TaskDone:
		return TopicNotes
	case Opened, HandedOver, PartyAdded, RestrictionSet, RestrictionLifted, EmergencyOpened, EmergencyReviewed, Closed, Reopened,
		SupervisionHeld, SupervisionDone, SignedOff:
		return TopicFile
	}
	return ""
}

// Extract says which entries of a chronology are read, and in which order.
type Extract struct {
	Topics   []Topic // none: all
	From, To string  // days on which it happened: YYYY-MM-DD, YYYY-MM or YYYY, either empty for no bound
	// Oldest reads by the day it happened, the oldest first and what has no day
	// last. Otherwise the entries come as they were recorded, the newest first.
	Oldest bool
	// After is the last entry read before, nil for none.
	After *Event
}

// Check returns what is wrong with the days.
func (p Extract) Check() forms.Errors {
	var errs forms.Errors
	for field, day := range map[string]string{"from": p.From, "to": p.To} {
		if day != "" && DayInWords(day) == unknownDay {
			errs.Add(field, "Enter a real day, or a month and a year, or a year")
		}
	}
	if !errs.Any() && p.From != "" && p.To != "" && p.From > last(p.To) {
		errs.Add("to", "Enter a last day that is not before the first")
	}
	return errs
}

// last is the last day of a day, a month or a year, as it sorts.
func last(day string) string { return day + "9999-12-31"[len(day):] }

// noDay sorts behind every day.
const noDay = "9"

// Entries are those of an extract, at most limit of them. An
// entry of which only the month or the year is known is in an
// extract that this month or year reaches into; one whose day is not known is in
// every one.
func (s *Service) Entries(ctx context.Context, tx *store.Tx, f *File, p Extract, limit int) ([]Event, error) {
	if err := f.Permit().Show(ctx, f.id.Subject(), f.person.Subject()); err != nil {
		return nil, err
	}
	agency, file := f.key()
	var w store.Where
	w.And(store.Fragment{SQL: "agency_id = $1 AND file_id = $2", Args: []any{agency, file}})
	if p.From != "" {
		w.And(store.Fragment{SQL: "happened_on >= substr($1, 1, length(happened_on))", Args: []any{p.From}})
	}
	if p.To != "" {
		w.And(store.Fragment{SQL: "happened_on <= substr($1, 1, length(happened_on))", Args: []any{last(p.To)}})
	}
	if len(p.Topics) > 0 {
		w.And(ofTopics(p.Topics))
	}
	const day = "CASE WHEN happened_on = '' THEN '" + noDay + "' ELSE happened_on END"
	order := "id DESC"
	if p.Oldest {
		order = day + ", id"
	}
	switch {
	case p.After != nil && p.Oldest:
		on := p.After.On
		if on == "" {
			on = noDay
		}
		w.And(store.Fragment{SQL: "(" + day + ", id) > ($1, $2)", Args: []any{on, string(p.After.ID)}})
	case p.After != nil:
		w.And(store.Fragment{SQL: "id < $1", Args: []any{string(p.After.ID)}})
	}
	where, _ := w.SQL()
	query := `SELECT id, kind, happened_on, about, recorded_at, recorded_by, source, text, text_sealed, ref
		FROM event WHERE ` + where + ` ORDER BY ` + order + ` LIMIT ` + w.Arg(limit)
	var rows []casesdb.EventsBeforeRow
	err := store.Each(ctx, tx, query, w.Args(), func(row *sql.Rows) error {
		var r casesdb.EventsBeforeRow
		err := row.Scan(&r.ID, &r.Kind, &r.HappenedOn, &r.About, &r.RecordedAt, &r.RecordedBy, &r.Source, &r.Text, &r.TextSealed, &r.Ref)
		rows = append(rows, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.entries(ctx, tx, f, rows)
}

// ofTopics are the kinds of entry about some topics.
func ofTopics(topics []Topic) store.Fragment {
	var out store.Fragment
	var marks []string
	for _, k := range EventKinds() {
		if slices.Contains(topics, k.Topic()) {
			out.Args = append(out.Args, string(k))
			marks = append(marks, "$"+strconv.Itoa(len(out.Args)))
		}
	}
	if len(marks) == 0 {
		return store.Fragment{SQL: "1 = 0"}
	}
	out.SQL = "kind IN (" + strings.Join(marks, ", ") + ")"
	return out
}

// entries opens rows of a chronology.
func (s *Service) entries(ctx context.Context, tx *store.Tx, f *File, rows []casesdb.EventsBeforeRow) ([]Event, error) {
	corrected, err := struck(ctx, tx, f, rows)
	if err != nil {
		return nil, err
	}
	out := make([]Event, len(rows))
	o := s.opener(ctx, tx, f.Agency())
	for i, r := range rows {
		out[i] = o.entry(r)
		out[i].Struck = slices.Contains(corrected, r.ID)
	}
	return out, o.err
}
