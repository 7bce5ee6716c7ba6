package referral_test

import (
	"errors"
	"testing"

	"waymark/internal/casework/referral"
	"waymark/internal/platform/store"
)

// Every state meets every event: what is in this table happens, and nothing
// else does.
func TestEveryStateMeetsEveryEvent(t *testing.T) {
	type move struct {
		from referral.State
		by   referral.Event
	}
	moves := map[move]referral.State{
		{referral.None, referral.MakeOffer}: referral.Offered,
		{referral.None, referral.SendIt}:    referral.Sent,

		{referral.Offered, referral.SayYes}:     referral.Agreed,
		{referral.Offered, referral.SayNotNow}:  referral.DeclinedByPerson,
		{referral.Offered, referral.StayOpen}:   referral.Offered,
		{referral.Offered, referral.SendIt}:     referral.Sent,
		{referral.Offered, referral.WithdrawIt}: referral.Withdrawn,

		{referral.DeclinedByPerson, referral.SayYes}:    referral.Agreed,
		{referral.DeclinedByPerson, referral.SayNotNow}: referral.DeclinedByPerson,
		{referral.DeclinedByPerson, referral.StayOpen}:  referral.Offered,

		{referral.Agreed, referral.SayYes}:     referral.Agreed,
		{referral.Agreed, referral.SayNotNow}:  referral.DeclinedByPerson,
		{referral.Agreed, referral.StayOpen}:   referral.Offered,
		{referral.Agreed, referral.SendIt}:     referral.Sent,
		{referral.Agreed, referral.WithdrawIt}: referral.Withdrawn,

		{referral.Sent, referral.Acknowledge}: referral.Acknowledged,
		{referral.Sent, referral.WithdrawIt}:  referral.Withdrawn,

		{referral.Acknowledged, referral.AcceptIt}:   referral.Accepted,
		{referral.Acknowledged, referral.DeclineIt}:  referral.Declined,
		{referral.Acknowledged, referral.WithdrawIt}: referral.Withdrawn,

		{referral.Accepted, referral.GiveFeedback}: referral.FedBack,
		{referral.FedBack, referral.GiveFeedback}:  referral.FedBack,

		{referral.None, referral.CannotAsk}: referral.NotAsked,

		{referral.OnList, referral.GiveFeedback}:    referral.OnList,
		{referral.OnList, referral.PutOnList}:       referral.OnList,
		{referral.OnList, referral.MakeContact}:     referral.Contacted,
		{referral.OnList, referral.Engage}:          referral.Engaged,
		{referral.OnList, referral.EndIt}:           referral.Ended,
		{referral.OnList, referral.PassOn}:          referral.PassedOn,
		{referral.Contacted, referral.GiveFeedback}: referral.Contacted,
		{referral.Contacted, referral.PutOnList}:    referral.OnList,
		{referral.Contacted, referral.Engage}:       referral.Engaged,
		{referral.Contacted, referral.EndIt}:        referral.Ended,
		{referral.Contacted, referral.PassOn}:       referral.PassedOn,
		{referral.Engaged, referral.GiveFeedback}:   referral.Engaged,
		{referral.Engaged, referral.EndIt}:          referral.Ended,
		{referral.Engaged, referral.PassOn}:         referral.PassedOn,
		{referral.Ended, referral.GiveFeedback}:     referral.Ended,
		{referral.PassedOn, referral.GiveFeedback}:  referral.PassedOn,
	}
	for _, accepted := range []referral.State{referral.Accepted, referral.FedBack} {
		for by, to := range map[referral.Event]referral.State{
			referral.PutOnList: referral.OnList, referral.MakeContact: referral.Contacted, referral.Engage: referral.Engaged, referral.EndIt: referral.Ended, referral.PassOn: referral.PassedOn,
		} {
			moves[move{accepted, by}] = to
		}
	}
	for _, from := range append([]referral.State{referral.None}, referral.States()...) {
		if from.Label() == "" || from != referral.None && from.Label() == string(from) {
			t.Errorf("%s has no label", from)
		}
		for _, by := range referral.Events() {
			want, happens := moves[move{from, by}]
			got, err := from.Next(by)
			switch {
			case happens && (err != nil || got != want):
				t.Errorf("%s, %s: %s, %v; want %s", from, by, got, err, want)
			case !happens && (!errors.Is(err, store.ErrConflict) || got != from):
				t.Errorf("%s, %s: %s, %v; want a conflict", from, by, got, err)
			}
			if from.Can(by) != happens {
				t.Errorf("%s, %s: Can says %t", from, by, from.Can(by))
			}
		}
	}
}
