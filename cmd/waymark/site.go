package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"waymark/internal/casework/appointments/appointmentsweb"
	"waymark/internal/casework/attachments/attachmentsweb"
	"waymark/internal/casework/cases/casesweb"
	"waymark/internal/casework/circumstances/circumstancesweb"
	"waymark/internal/casework/court/courtweb"
	"waymark/internal/casework/enquiry/enquiryweb"
	"waymark/internal/casework/gateway/gatewayweb"
	"waymark/internal/casework/groups/groupsweb"
	"waymark/internal/casework/intake/intakeweb"
	"waymark/internal/casework/interchange/interchangeweb"
	"waymark/internal/casework/letters/lettersweb"
	"waymark/internal/casework/marac/actions/actionsweb"
	"waymark/internal/casework/marac/maracweb"
	"waymark/internal/casework/marac/meeting/meetingweb"
	"waymark/internal/casework/marac/register/registerweb"
	"waymark/internal/casework/marac/research/researchweb"
	"waymark/internal/casework/marac/returns/returnsweb"
	"waymark/internal/casework/outage/outageweb"
	"waymark/internal/casework/oversight/oversightweb"
	"waymark/internal/casework/pathway/pathwayweb"
	"waymark/internal/casework/referral/referralweb"
	"waymark/internal/casework/rights/rightsweb"
	"waymark/internal/casework/risk/riskweb"
	"waymark/internal/casework/safetyplan/safetyplanweb"
	"waymark/internal/casework/sharing/sharingweb"
	"waymark/internal/casework/supervision/supervisionweb"
	"waymark/internal/casework/support/supportweb"
	"waymark/internal/casework/waiting/waitingweb"
	"waymark/internal/casework/webhooks/webhooksweb"
	"waymark/internal/demo/demoweb"
	"waymark/internal/platform/auth/authweb"
	"waymark/internal/platform/measures/measuresweb"
	"waymark/internal/platform/paper"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/agreements/agreementsweb"
	"waymark/internal/registers/directory/directoryweb"
	"waymark/internal/registers/guideline/guidelineweb"
	"waymark/internal/registers/provision/provisionweb"
	"waymark/internal/registers/release/releaseweb"
	"waymark/internal/registers/settings/settingsweb"
	"waymark/internal/registers/training/trainingweb"
)

// site puts the pages together.
func (w *waymark) site(logger *slog.Logger, c serveCommand, demo *demoSite) (*web.Frame, error) {
	figures := measuresweb.New(w.counter, w.db.Clock())
	pathway := guidelineweb.New(w.guideline)
	pathway.Measures = figures.BoxPanel
	work := casesweb.New(w.cases, w.directory, w.db.Clock())
	dangers := riskweb.New(w.risk, w.cases, w.directory, work.Bar)
	plans := safetyplanweb.New(w.plans, w.cases, w.directory, work.Bar)
	asking := enquiryweb.New(w.enquiry, w.cases, work.Bar)
	referrals := referralweb.New(w.referral, w.cases, w.directory, w.db.Clock(), work.Bar)
	asked := intakeweb.New(w.intake, w.directory, w.db.Clock())
	referrals.More = []ui.Link{{Text: "Asked on the public pages", Href: intakeweb.Inbox}, {Text: "Refer somebody on one page", Href: referralweb.OnePage}, {Text: "Research for meetings", Href: researchweb.Home}}
	reading := oversightweb.New(w.oversight, w.directory)
	documents := attachmentsweb.New(w.documents, w.cases, w.directory, work.Bar)
	rights := rightsweb.New(w.rights, w.cases, w.directory, work.Bar)
	help := supportweb.New(w.support, w.cases, w.directory, work.Bar)
	writing := lettersweb.New(w.letters, w.cases, w.directory, work.Bar)
	if c.Chromium != "" {
		press, err := paper.New(c.Chromium)
		if err != nil {
			return nil, fmt.Errorf("%w: --chromium: %w", errUsage, err)
		}
		writing.PDF = press.PDF
	}
	meetings := appointmentsweb.New(w.appointments, w.cases, w.directory, work.Bar)
	together := groupsweb.New(w.groups, w.cases, w.directory, work.Bar)
	toMarac := registerweb.New(w.register, w.cases, w.directory, work.Bar)
	referrals.ToMarac = registerweb.Received
	conferences := maracweb.New(w.marac, w.directory, w.agreed)
	conferences.AddMore(
		func(string) ui.Link { return ui.Link{Text: "The register", Href: registerweb.Register} },
		func(string) ui.Link {
			return ui.Link{Text: "What was referred and waits to be taken", Href: registerweb.Received}
		},
	)
	takenOn := actionsweb.New(w.maracActions, w.marac, w.cases, w.directory)
	conferences.Add(takenOn.Panel)
	conferences.AddBoards(takenOn.Board)
	conferences.AddMore(takenOn.More, takenOn.MoreLists)
	held := meetingweb.New(w.marac, w.meetings)
	conferences.AddBoards(held.Links)
	conferences.Add(held.CaseLink)
	held.AddActions(takenOn.OnScreen)
	held.AddBefore(takenOn.Before)
	conferences.AddMore(
		func(agency string) ui.Link { return ui.Link{Text: "National return", Href: returnsweb.Path(agency)} },
		func(agency string) ui.Link {
			return ui.Link{Text: "How the MARAC is doing in a year", Href: returnsweb.YearPath(agency, "")}
		},
	)
	queue := waitingweb.New(w.waiting, w.cases, w.directory, work.Bar)
	courts := courtweb.New(w.court, w.cases, w.directory, work.Bar)
	around := circumstancesweb.New(w.circumstances, w.cases, w.directory, work.Bar)
	dangers.Beside, help.Pointers = around.Beside, around.Pointers
	lead := supervisionweb.New(w.lead, w.support, w.cases, w.directory, work.Bar)
	local := pathwayweb.New(w.pathways, w.cases, w.directory, work.Bar, w.registry.Zone())
	services := provisionweb.New(w.provision)
	services.More = []ui.Link{{Text: "Local pathways", Href: pathwayweb.Home}}
	inquiry := researchweb.New(w.research, w.marac, w.cases, w.directory)
	conferences.AddBoards(inquiry.Found)
	held.AddInformation(inquiry.OnScreen)
	conferences.AddMore(func(string) ui.Link {
		return ui.Link{Text: "Who has answered about the cases", Href: researchweb.Boards}
	})
	work.Add(inquiry.Panel, local.Panel, help.Panel, meetings.Panel, asked.Panel, asking.Panel, dangers.Panel, around.Panel, plans.Panel, courts.Panel, together.Panel, queue.Panel, referrals.Panel, toMarac.Panel, documents.Panel, writing.Panel, lead.Panel)
	work.AddAbout(rights.Panel, reading.Panel)

	known, err := c.known()
	if err != nil {
		return nil, err
	}
	signIn := authweb.Config{Auth: w.auth, Home: casesweb.Home, Away: c.ExitURL, Issuer: c.Name}
	staff := directoryweb.New(w.directory, w.training, w.auth, casesweb.Home)
	staff.More = []ui.Link{{Text: "Places and rooms", Href: appointmentsweb.Places}, {Text: "What the public pages take", Href: intakeweb.Doors}, {Text: "Other systems", Href: interchangeweb.Home}}
	staff.Own = []ui.Link{{Text: "Webhooks", Href: webhooksweb.Home}, {Text: "When nobody acknowledges", Href: sharingweb.Times}}
	hooks := webhooksweb.New(w.webhooks, w.registry.Zone())
	agreed := agreementsweb.New(w.agreed, w.directory)
	agreed.More = []ui.Link{{Text: "Sharing to review", Href: sharingweb.Reviews}, {Text: "Advice asked for", Href: sharingweb.AdviceWanted}, {Text: "Research to review", Href: researchweb.Reviews}, {Text: "When nobody acknowledges", Href: sharingweb.Times}, {Text: "Anonymised figures", Href: releaseweb.Path}}
	exceptions := sharingweb.New(w.sharing, w.cases, w.directory, w.agreed.Today, work.Bar)
	work.AddPressing(asked.Home, exceptions.Home)
	work.AddWaiting(meetings.Tiles, help.Tiles, dangers.Tiles, lead.Tiles, referrals.Tiles, toMarac.Tiles, asked.Tiles, plans.Tiles, reading.Tiles, staff.Tiles, hooks.Tiles, agreed.Tiles, exceptions.Tiles, inquiry.Tiles, figures.Tiles)
	other, err := c.provider(w.db.Clock())
	if err != nil {
		return nil, err
	}
	if other != nil && demo == nil { // the demo asks nobody outside
		signIn.Provider = other
		staff.Provider(other.Issuer(), other.Label())
	}

	w.interchange.At(known)
	w.webhooks.At(known)
	systems := interchangeweb.New(w.interchange, w.directory, w.registry.Zone())
	accounts := authweb.New(signIn)
	tables := [][]web.Route{
		accounts.Routes(),
		accounts.ProgramRoutes(),
		systems.Routes(),
		systems.MachineRoutes(),
		hooks.Routes(),
		gatewayweb.New(gatewayweb.Config{Gateway: w.gateway, Webhooks: w.webhooks, Figures: w.counter, Pathways: w.pathways, Services: w.provision}).Routes(),
		staff.Routes(),
		trainingweb.New(w.training, w.directory).Routes(),
		takenOn.Routes(),
		exceptions.Routes(),
		pathway.Routes(),
		figures.Routes(),
		work.Routes(),
		asking.Routes(),
		dangers.Routes(),
		plans.Routes(),
		referrals.Routes(),
		asked.Routes(),
		reading.Routes(),
		documents.Routes(),
		rights.Routes(),
		help.Routes(),
		writing.Routes(),
		outageweb.New(w.outage).Routes(),
		meetings.Routes(),
		together.Routes(),
		toMarac.Routes(),
		settingsweb.New(w.settings).Routes(),
		releaseweb.New(w.release, w.directory).Routes(),
		returnsweb.New(w.returns, w.directory).Routes(),
		services.Routes(),
		queue.Routes(),
		courts.Routes(),
		lead.Routes(),
		local.Routes(),
		around.Routes(),
		inquiry.Routes(),
		conferences.Routes(),
		agreed.Routes(),
		held.Routes(),
	}
	if demo != nil {
		tables = append(tables, demoweb.New(w.guard, w.auth, casesweb.Home).Routes())
	}
	return web.New(web.Config{
		Guard: w.guard, Auth: w.auth, Log: logger,
		ProductName: c.Name, Home: casesweb.Home, Proxies: c.Proxy, Site: known, Demo: demo.banner(),
		Navigation: navigation, Role: roleLine,
		Footer: []ui.Link{
			{Text: "Using this site more safely", Href: "/safety"},
			{Text: "Privacy", Href: "/privacy"},
			{Text: "Accessibility", Href: "/accessibility"},
		},
	}, tables...)
}

// navigation is what stands on every page for an actor.
func navigation(a policy.Actor) []ui.NavItem {
	pathway := ui.NavItem{Text: "Pathway", Href: "/pathway"}
	if a.IsZero() {
		return []ui.NavItem{{Text: "Get in touch", Href: intakeweb.Start}, pathway, {Text: "What must I do?", Href: "/pathway/readers"}, {Text: "Search", Href: "/pathway/search"}, {Text: "Sign in", Href: "/sign-in"}}
	}
	items := []ui.NavItem{{Text: "Your work", Href: casesweb.Home}}
	if a.Has(policy.Practitioner) || a.Has(policy.Specialist) || a.Has(policy.Manager) {
		items = append(items, ui.NavItem{Text: "Inbox", Href: "/inbox"}, ui.NavItem{Text: "Referrals", Href: "/referrals"}, ui.NavItem{Text: "Calendar", Href: appointmentsweb.Home}, ui.NavItem{Text: "Caseload", Href: "/cases"}, ui.NavItem{Text: "Find", Href: casesweb.FindPath}, ui.NavItem{Text: "Risk reviews", Href: riskweb.Reviews})
	}
	if a.Has(policy.Practitioner) || a.Has(policy.Specialist) || a.Has(policy.Manager) || a.Has(policy.KeyContact) {
		items = append(items, ui.NavItem{Text: "MARAC", Href: maracweb.Home})
	}
	if a.Has(policy.KeyContact) {
		items = append(items, ui.NavItem{Text: "Oversight", Href: oversightweb.Home})
	}
	if a.Has(policy.Manager) || a.Has(policy.Commissioner) {
		items = append(items, ui.NavItem{Text: "Measures", Href: "/measures"}, ui.NavItem{Text: "Local pathways", Href: pathwayweb.Home})
	}
	if a.Has(policy.KeyContact) {
		items = append(items, ui.NavItem{Text: "Access", Href: "/access/reviews"})
	}
	if a.Has(policy.Administrator) || a.Has(policy.Manager) {
		items = append(items, ui.NavItem{Text: "Agency", Href: "/agency"})
	}
	if a.Has(policy.KeyContact) || a.Has(policy.Manager) {
		items = append(items, ui.NavItem{Text: "Records", Href: "/records"})
	}
	return append(items, ui.NavItem{Text: "Agreements", Href: agreementsweb.Home}, ui.NavItem{Text: "Directory", Href: "/directory"}, pathway)
}

// roleLine is what the header says of the actor's work.
func roleLine(_ context.Context, a policy.Actor) string {
	var words []string
	for _, r := range a.Roles {
		words = append(words, r.Label())
	}
	if a.Place != "" {
		words = append(words, a.Place)
	}
	return strings.Join(words, ", ")
}
