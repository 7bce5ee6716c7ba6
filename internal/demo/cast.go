package demo

import (
	"waymark/internal/platform/policy"
	"waymark/internal/registers/directory"
)

// agency is one agency of the fictional county with its teams.
type agency struct {
	code, name string
	sector     directory.Sector
	teams      []team
}

type team struct {
	code, name     string
	takesReferrals bool
}

// agencies of the county of Exmoorland, which is on no map.
var agencies = []agency{
	{"hospital", "Exmoorland Hospital Trust (fictional)", directory.Health, []team{
		{"maternity", "Maternity", false}, {"emergency", "Emergency department", false}, {"sexual-health", "Sexual health clinic", false},
	}},
	{"community-health", "Exmoorland Community Health (fictional)", directory.Health, []team{
		{"health-visiting", "Health visiting", false}, {"mental-health", "Community mental health", true},
	}},
	{"ferry-road", "Ferry Road Surgery (fictional)", directory.Health, []team{{"practice", "Practice", false}}},
	{"lighthouse", "Lighthouse Advocacy (fictional)", directory.Specialist, []team{
		{"advocates", "Advocates (IDVA)", true}, {"outreach", "Outreach and floating support", true},
	}},
	{"harbour", "Harbour Refuge (fictional)", directory.Specialist, []team{{"refuge", "Refuge workers", true}}},
	{"turnaround", "Turnaround Programme (fictional)", directory.Specialist, []team{{"programme", "Programme workers", true}}},
	{"police", "Exmoorland Police (fictional)", directory.Police, []team{{"vulnerability", "Vulnerability unit", true}}},
	{"council", "Exmoorland Council (fictional)", directory.SocialCare, []team{
		{"adults", "Adult social care", true}, {"children", "Children's social care", true},
	}},
	{"housing", "Exmoorland Homes (fictional)", directory.Housing, []team{{"tenancy", "Tenancy support", true}}},
	{"probation", "Exmoorland Probation (fictional)", directory.Probation, []team{{"court", "Court team", false}}},
	{"steps", "Steps Alcohol and Drug Service (fictional)", directory.OtherVoluntary, []team{{"recovery", "Recovery workers", true}}},
	{"ambulance", "Exmoorland Ambulance (fictional)", directory.Ambulance, []team{{"crews", "Crews", false}}},
	{"schools", "Exmoorland Schools (fictional)", directory.Education, []team{{"leads", "Safeguarding leads", true}}},
	{"safeguarding", "Exmoorland Safeguarding Partnership (fictional)", directory.Safeguarding, []team{{"partnership", "Partnership office", false}}},
	{"marac", "Exmoorland MARAC (fictional)", directory.Safeguarding, []team{{"coordination", "Coordination", true}}},
}

// Member is one of the people at work.
type Member struct {
	Username string
	Name     string
	Agency   string
	Teams    []string
	Roles    []policy.Role
	Level    int
	// Until is their last day at the agency; empty for no end.
	Until string
	// Card is what the role card on the demo's page says; nil for those who
	// have none.
	Card *Card
}

// Card introduces a role to somebody who tries the demo.
type Card struct {
	Role   string
	Text   string
	Can    []string
	Cannot []string
	Try    []string
}

// Cast are the people at work in the county. None of them exists.
var Cast = []Member{
	{"amira.nurse", "Amira Fern (fictional)", "hospital", []string{"maternity"}, []policy.Role{policy.Practitioner}, 2, "", &Card{
		Role: "Midwife", Text: "Works in the antenatal clinic and asks everybody, on their own.",
		Can:    []string{"Record that she asked, and what was said", "Settle immediate safety", "Offer and send a referral", "See the cases of the maternity team"},
		Cannot: []string{"Complete a full risk assessment as if trained to level 3", "See the specialist's case"},
		Try:    []string{"Record that you asked somebody", "Offer a referral to Lighthouse Advocacy", "See who acknowledged the last one"},
	}},
	{"lena.idva", "Lena Holt (fictional)", "lighthouse", []string{"advocates"}, []policy.Role{policy.Specialist}, 4, "", &Card{
		Role: "IDVA", Text: "Independent domestic violence adviser. Works with people at high risk.",
		Can:    []string{"Acknowledge, accept or decline referrals", "Identify risk and record her judgement", "Give feedback to the referrer"},
		Cannot: []string{"Look into the hospital's file", "See cases of another agency"},
		Try:    []string{"Open the referral inbox and acknowledge one", "Accept it and see the case filled in", "Identify risk"},
	}},
	{"joan.gp", "Joan Ilves (fictional)", "ferry-road", []string{"practice"}, []policy.Role{policy.Practitioner}, 2, "", &Card{
		Role: "GP", Text: "Asks when there are signs, and refers in one page.",
		Can:    []string{"Record asking prompted by indicators", "Send a referral in one step"},
		Cannot: []string{"See what the specialist service writes", "See other practices"},
		Try:    []string{"Record asking with an indicator", "Refer to outreach", "Read the feedback in the inbox"},
	}},
	{"sol.visitor", "Sol Marsh (fictional)", "community-health", []string{"health-visiting"}, []policy.Role{policy.Practitioner}, 2, "", &Card{
		Role: "Health visitor", Text: "Visits families at home, where somebody else is often in the room.",
		Can:    []string{"Record that somebody else was there, so asking did not count", "Find the task to ask again"},
		Cannot: []string{"Count asking in front of others"},
		Try:    []string{"Record an enquiry with a partner present", "Clear a task by saying what was done"},
	}},
	{"dev.police", "Dev Okoro (fictional)", "police", []string{"vulnerability"}, []policy.Role{policy.Practitioner}, 3, "", &Card{
		Role: "Police domestic abuse officer", Text: "Meets people after an incident.",
		Can:    []string{"Record a disclosure and act at once", "Refer to the advocates"},
		Cannot: []string{"See health files"},
		Try:    []string{"Record that you acted now, and find the review it leads to"},
	}},
	{"ruth.social", "Ruth Vale (fictional)", "council", []string{"adults"}, []policy.Role{policy.Practitioner}, 3, "", &Card{
		Role: "Adult social worker", Text: "Works with adults at risk.",
		Can:    []string{"Identify risk", "Hand a case to a colleague"},
		Cannot: []string{"See children's files of another team"},
		Try:    []string{"Hand a case over"},
	}},
	{"kim.housing", "Kim Adler (fictional)", "housing", []string{"tenancy"}, []policy.Role{policy.Practitioner}, 1, "", &Card{
		Role: "Housing officer", Text: "Trained to level 1: hears, keeps safe, and points the way.",
		Can:    []string{"Record a disclosure", "Record immediate safety", "Refer"},
		Cannot: []string{"Have asking counted at level 2"},
		Try:    []string{"Record asking and see how it is counted"},
	}},
	{"mo.turnaround", "Mo Perrin (fictional)", "turnaround", []string{"programme"}, []policy.Role{policy.Specialist}, 4, "", &Card{
		Role: "Programme worker", Text: "Works with people who harm, so that others are safer.",
		Can:    []string{"Take referrals of people who disclose that they harm"},
		Cannot: []string{"See anything of the person harmed"},
		Try:    []string{"Acknowledge a referral"},
	}},
	{"nia.manager", "Nia Brook (fictional)", "hospital", nil, []policy.Role{policy.Manager}, 2, "", &Card{
		Role: "Service manager", Text: "Looks after the work of the hospital's teams.",
		Can:    []string{"See and hand over the cases of her agency", "Review what was done at once", "See the measures of her agency on the pathway's boxes"},
		Cannot: []string{"See other agencies' cases"},
		Try:    []string{"Open box 8 of the pathway and see the figures", "Hand over a case of somebody on leave"},
	}},
	{"carl.manager", "Carl Winter (fictional)", "lighthouse", nil, []policy.Role{policy.Manager}, 4, "", &Card{
		Role: "Supervisor of advocates", Text: "Looks after the work of the advocates, and after them.",
		Can:    []string{"See how heavy each caseload is, and what is overdue in it", "Write down supervision, agree what is to be done, and sign cases off", "See the waiting list and what is ahead in court"},
		Cannot: []string{"Supervise or sign off a case he holds himself", "See other agencies' cases"},
		Try:    []string{"Open Supervision, and look at Lena Holt's caseload", "Sign off a case at high risk", "See whose supervision is overdue"},
	}},
	{"ines.commissioner", "Ines Roth (fictional)", "council", nil, []policy.Role{policy.Commissioner}, 0, "", &Card{
		Role: "Commissioner", Text: "Sees, box by box, what is happening in the county.",
		Can:    []string{"See the measures of the whole county, small numbers suppressed"},
		Cannot: []string{"See any person or case"},
		Try:    []string{"Open the measures", "Compare offered with referred"},
	}},
	{"tom.admin", "Tom Field (fictional)", "hospital", nil, []policy.Role{policy.Administrator}, 0, "", &Card{
		Role: "Agency administrator", Text: "Looks after accounts, teams and training.",
		Can:    []string{"Add people and teams", "Record training levels"},
		Cannot: []string{"See a single case"},
		Try:    []string{"Add a colleague and copy their one-time link"},
	}},
	{"greta.contact", "Greta Stone (fictional)", "hospital", nil, []policy.Role{policy.KeyContact}, 2, "", &Card{
		Role: "Information-sharing key contact", Text: "Looks after who reads what at the hospital, answers people who ask about their own record, and sees no case.",
		Can:    []string{"Review emergency access, and settle unusual reading with words", "See who opened a case, and which worker is tied to it, by its number", "Make a person's own report", "Decide which roles read which part of a case"},
		Cannot: []string{"Open a case, or see who it is about", "See what other agencies' workers did", "Settle what is found about herself"},
		Try:    []string{"Open Oversight, and look at the unusual reading of Saturday night", "Review the emergency access of last night", "See who has looked at a case, and the person's own report", "See the conflict of interest that was found"},
	}},
	{"bea.midwife", "Bea Lund (fictional)", "hospital", []string{"maternity"}, []policy.Role{policy.Practitioner}, 2, "", &Card{
		Role: "Midwife with a conflict of interest", Text: "Works in the same team, and lives with somebody in one of its cases.",
		Can:    []string{"See the other cases of the maternity team", "Declare whom she is tied to", "Take emergency access to a case of the hospital, with a reason"},
		Cannot: []string{"See, list or search that case, which the midwife above holds: it is not there"},
		Try:    []string{"Compare her caseload with the other midwife's", "Take emergency access, and review it as the key contact"},
	}},
	{"otto.nurse", "Otto Reed (fictional)", "hospital", []string{"emergency"}, []policy.Role{policy.Practitioner}, 2, "", nil},
	{"fay.clinic", "Fay Quill (fictional)", "hospital", []string{"sexual-health"}, []policy.Role{policy.Practitioner}, 2, "2026-06-30", nil},
	{"hal.mind", "Hal Moor (fictional)", "community-health", []string{"mental-health"}, []policy.Role{policy.Practitioner}, 2, "", nil},
	{"rosa.idva", "Rosa Penn (fictional)", "lighthouse", []string{"advocates"}, []policy.Role{policy.Specialist}, 4, "", nil},
	{"uma.outreach", "Uma Dale (fictional)", "lighthouse", []string{"outreach"}, []policy.Role{policy.Specialist}, 4, "", nil},
	{"wren.refuge", "Wren Abbot (fictional)", "harbour", []string{"refuge"}, []policy.Role{policy.Specialist}, 4, "", nil},
	{"pia.steps", "Pia Coombe (fictional)", "steps", []string{"recovery"}, []policy.Role{policy.Practitioner}, 2, "", nil},
	{"lou.children", "Lou Tarn (fictional)", "council", []string{"children"}, []policy.Role{policy.Practitioner}, 3, "", nil},
	{"vic.crew", "Vic Stow (fictional)", "ambulance", []string{"crews"}, []policy.Role{policy.Practitioner}, 2, "", nil},
	{"anna.lead", "Anna Frost (fictional)", "schools", []string{"leads"}, []policy.Role{policy.Practitioner}, 2, "", nil},
	{"dora.contact", "Dora Kemble (fictional)", "lighthouse", nil, []policy.Role{policy.KeyContact}, 2, "", nil},
	{"paul.contact", "Paul Ashdown (fictional)", "police", nil, []policy.Role{policy.KeyContact}, 2, "", nil},
	{"edie.contact", "Edie Marlow (fictional)", "council", nil, []policy.Role{policy.KeyContact}, 2, "", nil},
	{"hugh.contact", "Hugh Fenwick (fictional)", "community-health", nil, []policy.Role{policy.KeyContact}, 2, "", nil},
	{"mina.contact", "Mina Calder (fictional)", "schools", nil, []policy.Role{policy.KeyContact}, 2, "", nil},
	{"tess.contact", "Tess Orchard (fictional)", "turnaround", nil, []policy.Role{policy.KeyContact}, 2, "", nil},
	{"bram.contact", "Bram Lyle (fictional)", "ambulance", nil, []policy.Role{policy.KeyContact}, 2, "", nil},
	{"cora.marac", "Cora Wade (fictional)", "marac", []string{"coordination"}, []policy.Role{policy.Specialist}, 3, "", &Card{
		Role: "MARAC coordinator", Text: "Lists what is referred to the MARAC, asks agencies to look, and gets the meeting ready.",
		Can:    []string{"Take referrals to the MARAC and screen them", "Plan meetings, ask people to them and put the agenda in order", "See who of the members is no longer trained to level 3"},
		Cannot: []string{"Look into the file of any agency that refers", "Read a meeting's pack out of another MARAC"},
		Try:    []string{"Open MARAC, and tomorrow's meeting", "Put the agenda in order", "Look at who may sit at the MARAC"},
	}},
	{"gil.contact", "Gil Torrance (fictional)", "marac", nil, []policy.Role{policy.KeyContact}, 2, "", nil},
	{"ola.homes", "Ola Venn (fictional)", "housing", nil, []policy.Role{policy.Manager}, 3, "", nil},
	{"ivor.probation", "Ivor Teal (fictional)", "probation", nil, []policy.Role{policy.Manager}, 3, "", nil},
}

// atMarac are the days on which those were trained who sit at the MARAC and came
// later than everybody else: what is drawn for the others does not depend on them.
var atMarac = map[string]string{"cora.marac": "2025-04-07", "ola.homes": "2025-04-07", "ivor.probation": "2023-04-03"}

// lapses are the last days on which a level counts.
var lapses = map[string]string{"ivor.probation": "2026-04-02"}

// trained are the days on which the other key contacts were trained, who came
// later: what is drawn for everybody else does not depend on them.
var trained = map[string]string{
	"dora.contact": "2025-04-07", "paul.contact": "2025-04-07", "edie.contact": "2025-04-14", "hugh.contact": "2025-04-14",
	"mina.contact": "2025-05-12", "tess.contact": "2025-05-12", "bram.contact": "2025-05-19", "gil.contact": "2025-05-19",
}
