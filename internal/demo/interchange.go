package demo

import (
	"context"
	"fmt"

	"waymark/internal/casework/cases"
	"waymark/internal/casework/interchange"
	"waymark/internal/casework/referral"
	"waymark/internal/casework/sharing"
	"waymark/internal/casework/webhooks"
	"waymark/internal/platform/policy"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/people"
)

// silent is an address of this machine at which nothing listens: the alcohol and
// drug service has a system of its own, which is down.
const silent = "http://127.0.0.1:9"

// systems are those of two agencies: one brings a referral as a message, the other
// does not answer, so that a message to it waits.
func (c *county) systems(ctx context.Context) error {
	for _, do := range []func(context.Context) error{c.ownSystem, c.brought, c.notAnswering, c.hooked} {
		if err := do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// ownSystem is the program of the hospital's maternity records, with a client whose
// secret nobody has.
func (c *county) ownSystem(ctx context.Context) error {
	team := c.teams["hospital/maternity"]
	n := directory.NewUser{
		Agency: team.Agency, Username: "maternity.records", Name: "Maternity records (fictional program)", Kind: policy.Service,
		Roles: []policy.Role{policy.Practitioner}, Teams: []directory.TeamID{team.ID},
	}
	return c.sitting(ctx, "tom.admin", func(ctx context.Context, actor policy.Actor) error {
		added, err := c.Directory.AddUser(ctx, actor, n)
		if err != nil {
			return err
		}
		actions := []policy.Action{interchange.ActDeliver, interchange.ActFollow, webhooks.ActSubscribe}
		c.actors[n.Username] = policy.Actor{
			Account: added.Account.ID, Kind: policy.Service, Name: n.Name, Agency: string(team.Agency), Roles: n.Roles, Teams: []string{string(team.ID)}, Only: actions,
		}
		_, err = c.Directory.GiveClient(ctx, actor, directory.NewToken{
			Account: added.Account.ID, Name: "Referrals from maternity records", Actions: actions, Until: c.Clock.Now().AddDate(1, 0, 0).Format(dateOnly),
		})
		return err
	})
}

// brought is a referral that the midwives wrote in their own system.
func (c *county) brought(ctx context.Context) error {
	to := c.to(outreach)
	n := c.packet(&story{who: "bea.midwife", person: people.Details{}}, outreach)
	n.Share.ActNow = true
	body, err := interchange.Write(interchange.Message{
		ID: "5a1c2f34-0d2b-4c55-9a53-3b0f4d3c9e01", Request: "5a1c2f34-0d2b-4c55-9a53-3b0f4d3c9e02", Kind: interchange.KindNew, Sent: c.Clock.Now(),
		From: interchange.Side{Agency: string(c.agency["hospital"].ID), Name: c.agency["hospital"].Name}, Source: "https://records.example/fhir",
		To:     interchange.Side{Agency: to.Agency, Name: c.agency["lighthouse"].Name, Team: to.Team, TeamName: c.teams["lighthouse/outreach"].Name},
		Target: "https://waymark.example" + "/fhir/$process-message", Author: "Bea Lund (fictional)", Subject: referral.Experiencing, Urgent: true, Share: n.Share,
		Person: people.Details{GivenName: "Odile", FamilyName: "Tarrant", Born: "1997-04-12", Language: "English"},
		Items: []sharing.Item{
			{Kind: sharing.WhyItem, Title: sharing.WhyItem.Label(), Text: "Is expecting in May, and has said that she is afraid to go home on Fridays."},
			{Kind: sharing.ContactItem, Title: sharing.ContactItem.Label(), Text: "At the antenatal clinic, on the 4th. Do not ring."},
		},
	})
	if err != nil {
		return err
	}
	return c.sitting(ctx, "maternity.records", func(ctx context.Context, actor policy.Actor) error {
		_, err := c.Interchange.Receive(ctx, actor, interchange.Incoming{MediaType: interchange.MediaType, Body: body})
		if no, is := interchange.AsRefusal(err); is {
			return fmt.Errorf("%w: %+v", err, no.Issues)
		}
		return err
	})
}

// notAnswering is a referral to a team whose system is down.
func (c *county) notAnswering(ctx context.Context) error {
	team := c.teams["steps/recovery"]
	n := directory.NewUser{Agency: team.Agency, Username: "ines.admin", Name: "Ines Purcell (fictional)", Roles: []policy.Role{policy.Administrator}}
	added, err := c.Directory.AddUser(ctx, operator, n)
	if err != nil {
		return err
	}
	c.actors[n.Username] = policy.Actor{Account: added.Account.ID, Kind: policy.Human, Name: n.Name, Agency: string(team.Agency), Roles: n.Roles}
	err = c.sitting(ctx, n.Username, func(ctx context.Context, actor policy.Actor) error {
		return c.Interchange.Configure(ctx, actor, interchange.Endpoint{
			Team: team.ID, Address: silent + "/fhir/$process-message", TokenAddress: silent + "/oauth/token", ClientID: "waymark-demo", Secret: "made up for the demo",
			Scope: string(interchange.ActDeliver), Active: true,
		})
	})
	if err != nil {
		return err
	}
	d := people.Details{GivenName: "Saskia", FamilyName: "Wherry", Born: "1984-11-02", Gender: "woman", Language: "English"}
	return c.sitting(ctx, "otto.nurse", func(ctx context.Context, actor policy.Actor) error {
		f, err := c.Cases.Begin(ctx, actor, cases.NewFile{Person: d, Kind: cases.Full, Origin: cases.OwnContact, Team: c.team("otto.nurse")})
		if err != nil {
			return err
		}
		if err := c.safeContact(ctx, f, c.busyContact("07700 900466")); err != nil {
			return err
		}
		_, err = c.send(ctx, f, c.packet(&story{who: "otto.nurse", person: d}, recovery))
		return err
	})
}
