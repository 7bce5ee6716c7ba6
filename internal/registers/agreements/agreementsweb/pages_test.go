package agreementsweb_test

import (
	"net/url"
	"strings"
	"testing"

	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/platform/store/storetest"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/webtest"
	"waymark/internal/registers/agreements"
	"waymark/internal/registers/agreements/agreementsweb"
	"waymark/internal/registers/directory"
	"waymark/internal/registers/training/trainingtest"
)

type world struct {
	*trainingtest.House
	*webtest.Site
	hospital, school                         directory.AgencyID
	maternity                                directory.TeamID
	greta, sam, midwife, manager, outsider   policy.Actor
	gretas, sams, midwifes, managers, others *webtest.Browser
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		h := trainingtest.New(t, db, agreements.Rules())
		w := &world{House: h}
		pages := agreementsweb.New(agreements.New(db, h.Guard, nil), h.Directory)
		w.Site = webtest.New(t, webtest.Options{DB: db, Clock: clock, Guard: h.Guard, Auth: h.Accounts, Routes: [][]web.Route{pages.Routes()}})
		w.hospital, w.school = h.Agency("hospital", directory.Health).ID, h.Agency("school", directory.Education).ID
		w.maternity = h.Team(w.hospital, "maternity").ID
		other := h.Agency("other", directory.Housing).ID
		add := func(agency directory.AgencyID, name string, role policy.Role) (policy.Actor, *webtest.Browser) {
			a := h.Add(trainingtest.Worker{Agency: agency, Username: name, Roles: []policy.Role{role}})
			return a, w.SignedIn(t, a.Account)
		}
		w.greta, w.gretas = add(w.hospital, "greta.contact", policy.KeyContact)
		w.sam, w.sams = add(w.school, "sam.contact", policy.KeyContact)
		w.midwife, w.midwifes = add(w.hospital, "amira.midwife", policy.Practitioner)
		w.manager, w.managers = add(w.hospital, "nia.manager", policy.Manager)
		w.outsider, w.others = add(other, "kim.housing", policy.Practitioner)
		fn(t, w)
	})
}

// begun is the address of a draft of the hospital's with one clause.
func (w *world) begun(t *testing.T) string {
	t.Helper()
	form := w.gretas.Get("/agreements/new").OK(t).Form(t, "main form")
	a := form.Fill(map[string]string{
		"title": "Fictional agreement", "about": "To keep children safe", "start_on-day": "1", "start_on-month": "1", "start_on-year": "2020",
		"review_on-day": "1", "review_on-month": "1", "review_on-year": "2099",
	}).Check("parties", string(w.school)).Submit().SeeOther(t, "").Follow(t).OK(t)
	a.Says(t, "The draft is kept", "Fictional agreement", "1 January 2099")
	clause := a.Click(t, "Add a clause").OK(t).Form(t, "main form")
	a = clause.Fill(map[string]string{"words": "The maternity team may tell the school where a child lives.", "effect": "permit", "purpose": "protect_child", "subject": "child"}).
		Set("from", string(w.hospital)+"/"+string(w.maternity)).Set("to", string(w.school)).Check("kinds", "address").Submit().SeeOther(t, "").Follow(t).OK(t)
	a.Says(t, "In plain words", "As it is decided by", "What: Address")
	return a.Select("form[action$=/remove]").Attrs("action")[0][:len("/agreements/")+36]
}

func TestADraftComesBackWithWhatWasTyped(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		form := w.gretas.Get("/agreements/new").OK(t).Form(t, "main form")
		a := form.Fill(map[string]string{"title": "Kept", "review_on-day": "40", "review_on-month": "1", "review_on-year": "2099"}).Submit().Invalid(t, "about")
		if v := a.FormValues(t, "main form"); v.Get("title") != "Kept" || v.Get("review_on-day") != "40" {
			t.Errorf("after a fault: %v", v)
		}
		path := w.begun(t)
		form = w.gretas.Get(path+"/clauses/1").OK(t).Form(t, "main form")
		a = form.Fill(map[string]string{"words": "", "days": "many"}).Submit().Invalid(t, "words", "days")
		if v := a.FormValues(t, "main form"); v.Get("days") != "many" || v.Get("kinds") != "address" {
			t.Errorf("after a fault: %v", v)
		}
		w.gretas.Get(path + "/clauses/9").NotThere(t)
	})
}

func TestTheSecondOfTwoWhoWriteADraftIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		path := w.begun(t)
		first, second := w.gretas.Get(path+"/edit").OK(t).Form(t, "main form"), w.gretas.Get(path+"/edit").OK(t).Form(t, "main form")
		first.Set("title", "First").Submit().SeeOther(t, "")
		second.Set("title", "Second").Submit().Conflict(t)
		w.gretas.Get(path).OK(t).Says(t, "First")
	})
}

func TestWhoSeesTheseAndWhoMayWrite(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		path := w.begun(t)
		absent := "/agreements/0190b0b0-1111-7000-8000-000000000000"
		for _, b := range []*webtest.Browser{w.midwifes, w.sams, w.others} {
			webtest.SameAsAbsent(t, b, path, absent)
			b.Get("/agreements").OK(t).SaysNot(t, "Fictional agreement")
		}
		w.managers.Get(path).OK(t).SaysNot(t, "Add a clause")
		w.managers.Get(path + "/edit").Denied(t)
		w.managers.Get("/agreements/new").Denied(t)
		w.midwifes.Get("/agreements/monitor").Denied(t)
		w.managers.Get("/agreements/monitor").OK(t).Says(t, "Nothing was sent")
		w.Anyone(t).Get("/agreements").SignInFirst(t)
	})
}

func TestFromTheDraftToTheExplorer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		path := w.begun(t)
		w.gretas.Get(path+"/check").OK(t).Says(t, "Your agency has not named its key contact").SaysNot(t, "Put it to the parties")
		w.gretas.Get(path+"/contact").OK(t).FillAndSubmit(t, map[string]string{"contact": w.greta.Account}).SeeOther(t, "")
		w.gretas.Get(path+"/check").OK(t).Says(t, "Nothing was found").Form(t, "main form").Submit().SeeOther(t, "").Follow(t).Says(t, "In sign-off")
		w.gretas.Get(path + "/edit").Conflict(t)
		w.midwifes.Get(path).OK(t).Says(t, "The maternity team may tell the school").SaysNot(t, "Sign for your agency")
		w.midwifes.Get(path + "/sign").Denied(t)
		for b, account := range map[*webtest.Browser]string{w.gretas: w.greta.Account, w.sams: w.sam.Account} {
			b.Get(path+"/sign").OK(t).FillAndSubmit(t, map[string]string{"contact": account}).SeeOther(t, "")
		}
		w.midwifes.Get(path).OK(t).Says(t, "In force", "Fictional sam.contact")
		ask := url.Values{
			"ask": {"yes"}, "from": {string(w.hospital) + "/" + string(w.maternity)}, "to": {string(w.school)}, "purpose": {"protect_child"}, "subject": {"child"},
			"kinds": {"address", "health"},
		}
		a := w.midwifes.Get("/agreements/explore?" + ask.Encode()).OK(t)
		a.Says(t, "Address May be shared", "Health Ask the key contact first", "The maternity team may tell the school where a child lives.", "Ask Fictional greta.contact")
		w.others.Get("/agreements/explore?"+ask.Encode()).Invalid(t, "from")
		ask.Set("from", string(w.school))
		w.sams.Get("/agreements/explore?"+ask.Encode()).Invalid(t, "to")

		fresh := w.gretas.Get(path).OK(t).Form(t, "form[action$=/new-version]").Submit().SeeOther(t, "").Follow(t).OK(t)
		fresh.Says(t, "A new version is begun", "Version 2")
		w.gretas.Get(path+"/clauses/1").OK(t).Form(t, "main form").Set("effect", "deny").Submit().SeeOther(t, "")
		w.gretas.Get(path+"/compare?from=1&to=2").OK(t).Says(t, "Clause 1", "Must not be shared", "It is taken out")
		w.midwifes.Get(path + "/compare?from=1&to=2").NotThere(t) // the draft is not theirs
		w.sams.Get(path+"/withdraw").OK(t).Says(t, "it ends for every party").Form(t, "main form").Submit().Invalid(t, "reason").
			FillAndSubmit(t, map[string]string{"reason": "Our governors ask for it"}).SeeOther(t, "").Follow(t).Says(t, "Ended", "Our governors ask for it")
	})
}

// A thing that waits for somebody is on their first page.
func TestWhatWaitsForAKeyContact(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		path := w.begun(t)
		w.gretas.Get(path+"/contact").OK(t).FillAndSubmit(t, map[string]string{"contact": w.greta.Account}).SeeOther(t, "")
		w.gretas.Get(path+"/check").OK(t).Form(t, "main form").Submit().SeeOther(t, "")
		pages := agreementsweb.New(agreements.New(w.House.DB, w.House.Guard, nil), w.Directory)
		tiles, err := pages.Tiles(t.Context(), w.sam)
		if err != nil || len(tiles) != 2 || tiles[0].Value != "1" || tiles[0].Kind == "" {
			t.Errorf("%+v (%v)", tiles, err)
		}
		if none, err := pages.Tiles(t.Context(), w.midwife); err != nil || none != nil {
			t.Errorf("a midwife: %+v (%v)", none, err)
		}
		list := w.sams.Get("/agreements").OK(t)
		if !strings.HasSuffix(list.Click(t, "To be signed by your agency").OK(t).One(t, "main form").Attr("action"), "/sign") {
			t.Error("the list does not lead to the signing")
		}
	})
}
