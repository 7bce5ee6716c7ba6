package referral

import (
	"fmt"

	"waymark/internal/platform/store"
)

// State is where an offer or a referral stands.
type State string

// The states.
const (
	None             State = "" // not on record yet
	Offered          State = "offered"
	DeclinedByPerson State = "declined_by_person"
	Agreed           State = "agreed"
	Sent             State = "sent"
	Acknowledged     State = "acknowledged"
	Accepted         State = "accepted"
	Declined         State = "declined"
	FedBack          State = "fed_back"
	NotAsked         State = "not_asked" // it was not safe to ask
	OnList           State = "on_list"
	Contacted        State = "contacted"
	Engaged          State = "engaged"
	Ended            State = "ended"
	PassedOn         State = "passed_on"
	Withdrawn        State = "withdrawn"
)

// States lists every state that is on record.
func States() []State {
	return []State{Offered, DeclinedByPerson, NotAsked, Agreed, Sent, Acknowledged, Accepted, Declined, FedBack, OnList, Contacted, Engaged, Ended, PassedOn, Withdrawn}
}

// Label is the state in words for people.
func (s State) Label() string {
	switch s {
	case Offered:
		return "Offered, not decided yet"
	case DeclinedByPerson:
		return "Offered, not wanted now"
	case Agreed:
		return "Offered and wanted, not sent yet"
	case Sent:
		return "Sent, not acknowledged yet"
	case Acknowledged:
		return "Acknowledged by a person there"
	case Accepted:
		return "Accepted"
	case Declined:
		return "Declined by the service"
	case FedBack:
		return "Accepted, with feedback"
	case NotAsked:
		return "Not offered: it was not safe to ask"
	case OnList:
		return "Accepted, on their waiting list"
	case Contacted:
		return "Accepted, first contact made"
	case Engaged:
		return "Accepted, support has begun"
	case Ended:
		return "Ended at the service"
	case PassedOn:
		return "Passed on to another service"
	case Withdrawn:
		return "Withdrawn"
	case None:
		return "Not on record"
	}
	return string(s)
}

// Event is what moves it.
type Event string

// The events.
const (
	MakeOffer    Event = "offer"
	SayYes       Event = "say_yes"
	SayNotNow    Event = "say_not_now"
	StayOpen     Event = "stay_open" // the person has not decided
	SendIt       Event = "send"
	Acknowledge  Event = "acknowledge"
	AcceptIt     Event = "accept"
	DeclineIt    Event = "decline"
	GiveFeedback Event = "feed_back"
	WithdrawIt   Event = "withdraw"
	CannotAsk    Event = "cannot_ask"
	PutOnList    Event = "put_on_list"
	MakeContact  Event = "make_contact"
	Engage       Event = "engage"
	EndIt        Event = "end"
	PassOn       Event = "pass_on"
)

// Events lists them.
func Events() []Event {
	return []Event{MakeOffer, SayYes, SayNotNow, StayOpen, SendIt, Acknowledge, AcceptIt, DeclineIt, GiveFeedback, WithdrawIt, CannotAsk, PutOnList, MakeContact, Engage, EndIt, PassOn}
}

// moves is the whole of what can happen to an offer and a referral. People
// change their minds, and feedback can come more than once; a decision stands.
// Once it was accepted it moves as the receiver comes along with it.
var moves = map[State]map[Event]State{
	None:             {MakeOffer: Offered, CannotAsk: NotAsked, SendIt: Sent},
	Offered:          {SayYes: Agreed, SayNotNow: DeclinedByPerson, StayOpen: Offered, SendIt: Sent, WithdrawIt: Withdrawn},
	NotAsked:         {}, // that it was not safe stays: asked later, it is an offer of its own
	DeclinedByPerson: {SayYes: Agreed, SayNotNow: DeclinedByPerson, StayOpen: Offered},
	Agreed:           {SayYes: Agreed, SayNotNow: DeclinedByPerson, StayOpen: Offered, SendIt: Sent, WithdrawIt: Withdrawn},
	Sent:             {Acknowledge: Acknowledged, WithdrawIt: Withdrawn},
	Acknowledged:     {AcceptIt: Accepted, DeclineIt: Declined, WithdrawIt: Withdrawn},
	Accepted:         {GiveFeedback: FedBack, PutOnList: OnList, MakeContact: Contacted, Engage: Engaged, EndIt: Ended, PassOn: PassedOn},
	FedBack:          {GiveFeedback: FedBack, PutOnList: OnList, MakeContact: Contacted, Engage: Engaged, EndIt: Ended, PassOn: PassedOn},
	OnList:           {GiveFeedback: OnList, PutOnList: OnList, MakeContact: Contacted, Engage: Engaged, EndIt: Ended, PassOn: PassedOn},
	Contacted:        {GiveFeedback: Contacted, PutOnList: OnList, Engage: Engaged, EndIt: Ended, PassOn: PassedOn},
	Engaged:          {GiveFeedback: Engaged, EndIt: Ended, PassOn: PassedOn},
	Ended:            {GiveFeedback: Ended},
	PassedOn:         {GiveFeedback: PassedOn},
	Declined:         {},
	Withdrawn:        {},
}

// Next is the state after an event. What cannot happen any more was done by
// somebody else meanwhile: [store.ErrConflict].
func (s State) Next(e Event) (State, error) {
	next, ok := moves[s][e]
	if !ok {
		return s, fmt.Errorf("%s on a referral that is %q: %w", e, s, store.ErrConflict)
	}
	return next, nil
}

// Can tells whether an event can happen now.
func (s State) Can(e Event) bool {
	_, ok := moves[s][e]
	return ok
}

// Again tells whether the person can be referred again after it.
func (s State) Again() bool { return s == Declined || s == Withdrawn || s == Ended || s == PassedOn }
