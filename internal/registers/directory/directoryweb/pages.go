package directoryweb

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/web"
	"waymark/internal/platform/web/ui"
	"waymark/internal/registers/directory"
)

// Trainer keeps the training levels of people at work; the register of
// training is above the directory and is handed in.
type Trainer interface {
	Record(ctx context.Context, actor policy.Actor, account string, t directory.Trained) error
}

// Pages are the pages of this package.
type Pages struct {
	directory *directory.Register
	training  Trainer
	auth      *auth.Service
	home      string
	issuer    string // of a provider of identities; empty without one
	provider  string // what people call it
	// More leads from an agency's page to what else is kept of it, for whoever
	// keeps it: its administrators and managers.
	More []ui.Link
	// Own leads on for administrators alone.
	Own []ui.Link
}

// Provider lets administrators vouch for who signs in with a provider of
// identities.
func (p *Pages) Provider(issuer, label string) { p.issuer, p.provider = issuer, label }

// New makes the pages; home is the first page after signing in.
func New(register *directory.Register, training Trainer, service *auth.Service, home string) *Pages {
	return &Pages{directory: register, training: training, auth: service, home: home}
}

// Routes is the route table of this package.
func (p *Pages) Routes() []web.Route {
	const invited = "whoever holds a one-time link has no account yet"
	get := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Action: action, Handler: h}
	}
	post := func(pattern string, action policy.Action, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Action: action, Handler: h}
	}
	var more []web.Route
	if p.issuer != "" {
		const identity = "/agency/people/{account}/identity"
		more = append(more, recent(post("/agency/people/{account}/vouch", directory.ActVouch, p.vouch)),
			get(identity, directory.ActForget, p.identity), recent(post(identity, directory.ActForget, p.forget)))
	}
	return append(more, []web.Route{
		{Method: http.MethodGet, Pattern: "/welcome/{token}", Public: invited, Handler: p.welcomeForm},
		{Method: http.MethodPost, Pattern: "/welcome/{token}", Public: invited, Handler: p.welcome},
		get("/directory", directory.ActRead, p.list),
		get("/agency", directory.ActListMembers, p.agency),
		get("/agency/identities", directory.ActListIdentities, p.identities),
		get("/agency/teams/new", directory.ActAddTeam, p.teamForm),
		post("/agency/teams/new", directory.ActAddTeam, p.team),
		get("/agency/people/new", directory.ActAddMember, p.userForm),
		post("/agency/people/new", directory.ActAddMember, p.user),
		get("/agency/people/{account}", directory.ActListMembers, p.member),
		post("/agency/people/{account}/level", directory.ActListMembers, p.level),
		post("/agency/people/{account}/roles", directory.ActChangeRoles, p.roles),
		get("/agency/people/{account}/leave", directory.ActEndMembership, p.leave),
		post("/agency/people/{account}/end", directory.ActEndMembership, p.end),
		post("/agency/people/{account}/until", directory.ActEndMembership, p.until),
		recent(post("/agency/people/{account}/suspend", directory.ActSuspend, p.suspend)),
		post("/agency/people/{account}/restore", directory.ActSuspend, p.restore),
		recent(post("/agency/people/{account}/reset", directory.ActResetFactor, p.reset)),
		recent(post("/agency/people/{account}/token", directory.ActGiveToken, p.giveToken)),
		recent(post("/agency/people/{account}/tokens/{token}/revoke", directory.ActGiveToken, p.revokeToken)),
	}...)
}

// recent asks whoever did not prove lately who they are to do so again.
func recent(r web.Route) web.Route {
	r.Recent = true
	return r
}

// links are the faults of a form for its summary, in the order of the fields.
func links(wrong directory.Invalid, fields ...string) []ui.Link {
	var out []ui.Link
	for _, f := range fields {
		if m := wrong[f]; m != "" {
			out = append(out, ui.Link{Text: m, Href: "#" + f})
		}
	}
	return out
}

type listView struct {
	Teams []directory.ReferralTeam
	More  string
}

func (p *Pages) list(ctx context.Context, r *web.Request) (web.Response, error) {
	list, err := p.directory.TeamsTakingReferrals(ctx, r.Actor, directory.Page{After: r.Query("after"), Size: 100})
	if err != nil {
		return nil, err
	}
	return web.Page{Title: "Directory", Body: listBody(listView{Teams: list.Items, More: list.Next}), Current: "/directory"}, nil
}

// Tiles are what an administrator has to know of the accounts they look after,
// for the first page.
func (p *Pages) Tiles(ctx context.Context, actor policy.Actor) ([]ui.NumericTile, error) {
	if !actor.Has(policy.Administrator) {
		return nil, nil
	}
	c, err := p.directory.Counts(ctx, actor, directory.AgencyID(actor.Agency))
	if err != nil {
		return nil, err
	}
	ending := ui.NumericTile{Label: "Accounts that end", Value: strconv.Itoa(c.Ending), Href: "/agency", Note: "within 30 days"}
	if c.Ending > 0 {
		ending.Kind = ui.TileWarn
	}
	tiles := []ui.NumericTile{
		{Label: "People at work", Value: strconv.Itoa(c.Members), Href: "/agency"},
		ending,
		{Label: "Suspended", Value: strconv.Itoa(c.Suspended), Href: "/agency", Note: "to restore or to end"},
	}
	if c.Over > 0 {
		tiles = append(tiles, ui.NumericTile{Label: "Last day has passed", Value: strconv.Itoa(c.Over), Href: "/agency", Note: "to hand over and to end", Kind: ui.TileLate})
	}
	return tiles, nil
}

type agencyView struct {
	Agency  directory.Agency
	Teams   []directory.Team
	Members []directory.Member
	Names   map[directory.TeamID]string
	More    string
	Manages bool // may change what it shows
	Kept    []ui.Link
}

func (p *Pages) agency(ctx context.Context, r *web.Request) (web.Response, error) {
	id := directory.AgencyID(r.Actor.Agency)
	v := agencyView{Names: map[directory.TeamID]string{}, Manages: r.Actor.Has(policy.Administrator)}
	if v.Manages || r.Actor.Has(policy.Manager) {
		v.Kept = p.More
	}
	if v.Manages {
		v.Kept = slices.Concat(p.More, p.Own)
	}
	var err error
	if v.Agency, err = p.directory.Agency(ctx, r.Actor, id); err != nil {
		return nil, err
	}
	teams, err := p.directory.Teams(ctx, r.Actor, id, directory.Page{Size: 500})
	if err != nil {
		return nil, err
	}
	v.Teams = teams.Items
	for _, t := range v.Teams {
		v.Names[t.ID] = t.Name
	}
	members, err := p.directory.Members(ctx, r.Actor, id, directory.Page{After: r.Query("after"), Size: 50})
	if err != nil {
		return nil, err
	}
	v.Members, v.More = members.Items, members.Next
	return web.Page{Title: "Your agency", Body: agencyBody(v), Current: "/agency", Flash: r.Done(done)}, nil
}

var done = map[string]string{
	"team-added":  "The team is added",
	"level-added": "The training level is recorded",
	"roles-saved": "The roles are saved",
	"forgotten":   "It is taken back; what they had open through it is ended",
	"vouched":     "They may sign in that way",
	"until-saved": "The last day is saved",
	"suspended":   "The person is kept out; their sessions are ended",
	"restored":    "The person may sign in again",
	"revoked":     "The token is taken back",
	"ended":       "The membership is ended; the person can see nothing of the agency any more",
}

var backToAgency = &ui.Link{Text: "Your agency", Href: "/agency"}

type teamView struct {
	New   directory.NewTeam
	Wrong directory.Invalid
}

func (v teamView) response() web.Response {
	return web.Page{Title: "Add a team", Body: teamBody(v), Invalid: len(v.Wrong) > 0, Back: backToAgency, Current: "/agency"}
}

func (p *Pages) teamForm(context.Context, *web.Request) (web.Response, error) {
	return teamView{}.response(), nil
}

func (p *Pages) team(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := teamView{New: directory.NewTeam{
		Agency: directory.AgencyID(r.Actor.Agency), Code: form.Get("code"), Name: form.Get("name"), TakesReferrals: form.Get("takes_referrals") == "yes",
	}}
	_, err = p.directory.AddTeam(ctx, r.Actor, v.New)
	var invalid bool
	if v.Wrong, invalid = directory.IsInvalid(err); invalid {
		return v.response(), nil
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther("/agency?done=team-added"), nil
}

type memberView struct {
	Member directory.Member
	Teams  map[directory.TeamID]string
	Level  string
	On     string
	Source string
	// Expires is the last day a level counts, as it was typed.
	Expires string
	// Ticked are the roles that were ticked, nil before anybody did.
	Ticked []policy.Role
	Wrong  directory.Invalid
	Admin  bool
	Until  string
	Reason string
	Email  string
	// Provider is what people call the provider of identities; empty without one.
	Provider string
	// ResetReason is why a lost second step is taken away.
	ResetReason string
	Token       tokenView
}

func (p *Pages) member(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.memberPage(ctx, r, memberView{})
}

func (p *Pages) memberPage(ctx context.Context, r *web.Request, v memberView) (web.Response, error) {
	var err error
	if v.Member, err = p.directory.Member(ctx, r.Actor, r.Path("account")); err != nil {
		return nil, err
	}
	v.Admin, v.Provider = r.Actor.Has(policy.Administrator), p.provider
	if v.Until == "" && v.Wrong["until"] == "" {
		v.Until = v.Member.Until
	}
	if v.Ticked == nil {
		v.Ticked = v.Member.Roles
	}
	if v.Admin && v.Member.Kind == policy.Service {
		if v.Token.List, err = p.directory.Tokens(ctx, r.Actor, v.Member.Account); err != nil {
			return nil, err
		}
		v.Token.Can = p.directory.ProgramActions(v.Member.Agency)
	}
	return web.Page{Title: "A colleague", Body: memberBody(v), Invalid: len(v.Wrong) > 0, Back: backToAgency, Current: "/agency", Flash: r.Done(done)}, nil
}

func (p *Pages) level(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := memberView{Level: form.Get("level"), On: form.Get("achieved_on"), Source: form.Get("source"), Expires: form.Get("expires_on")}
	err = p.training.Record(ctx, r.Actor, r.Path("account"), trained(v.Level, v.On, v.Expires, v.Source))
	var invalid bool
	if v.Wrong, invalid = directory.IsInvalid(err); invalid {
		return p.memberPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(memberPath(r.Path("account")) + "?done=level-added"), nil
}

func memberPath(account string) string { return "/agency/people/" + account }

func (p *Pages) roles(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	ticked := append([]policy.Role{}, rolesOf(form["role"])...)
	err = p.directory.ChangeRoles(ctx, r.Actor, r.Path("account"), version(form.Get("version")), ticked)
	if wrong, invalid := directory.IsInvalid(err); invalid {
		return p.memberPage(ctx, r, memberView{Wrong: wrong, Ticked: ticked})
	}
	if err != nil {
		return nil, err
	}
	return web.SeeOther(memberPath(r.Path("account")) + "?done=roles-saved"), nil
}

func (p *Pages) end(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	if err := p.directory.EndMembership(ctx, r.Actor, r.Path("account"), version(form.Get("version"))); err != nil {
		return nil, err
	}
	return web.SeeOther("/agency?done=ended"), nil
}

// version is the version a page was made from; 0 fits nothing.
func version(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// rolesOf reads the roles that were ticked; what is none of them was not on
// the page.
func rolesOf(texts []string) []policy.Role {
	var out []policy.Role
	for _, t := range texts {
		if role, err := policy.ParseRole(t); err == nil {
			out = append(out, role)
		}
	}
	return out
}

type welcomeView struct {
	Token string
	First bool
	Who   auth.Account
	Form  directory.SetUp
	Wrong directory.Invalid
	Dead  bool // the link does not work any more
}

func (v welcomeView) response() web.Response {
	return web.Page{Title: "Set your password", Body: welcomeBody(v), Invalid: len(v.Wrong) > 0}
}

func (p *Pages) welcomeForm(ctx context.Context, r *web.Request) (web.Response, error) {
	v := welcomeView{Token: r.Path("token")}
	invited, err := p.auth.Invitation(ctx, v.Token)
	if errors.Is(err, auth.ErrInvitation) {
		v.Dead = true
		return v.response(), nil
	}
	if err != nil {
		return nil, err
	}
	v.First, v.Who = invited.First, invited.Account
	return v.response(), nil
}

func (p *Pages) welcome(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := welcomeView{Token: r.Path("token")}
	invited, err := p.auth.Invitation(ctx, v.Token)
	if errors.Is(err, auth.ErrInvitation) {
		v.Dead = true
		return v.response(), nil
	}
	if err != nil {
		return nil, err
	}
	v.First, v.Who = invited.First, invited.Account
	password := form.Get("password")
	if password != form.Get("password_again") {
		v.Wrong = directory.Invalid{"password_again": "Enter the same password twice"}
	}
	var account auth.Account
	if v.First {
		v.Form = directory.SetUp{
			AgencyCode: form.Get("agency_code"), AgencyName: form.Get("agency_name"), Sector: directory.Sector(form.Get("sector")),
			Username: form.Get("username"), Name: form.Get("name"), Password: password,
		}
		if len(v.Wrong) == 0 {
			account, err = p.directory.SetUpFirst(ctx, v.Token, v.Form)
		}
	} else if len(v.Wrong) == 0 {
		account, err = p.auth.Accept(ctx, v.Token, password)
	}
	if wrong, ok := faults(err); ok {
		v.Wrong = wrong
	} else if errors.Is(err, auth.ErrInvitation) {
		v.Dead = true
		return v.response(), nil
	} else if err != nil {
		return nil, err
	}
	if len(v.Wrong) > 0 {
		return v.response(), nil
	}
	// The password is given on, as on the page of signing in; what is asked for
	// next is a second factor.
	token, err := p.auth.SignIn(ctx, account.Username, password, r.From())
	if err != nil {
		return nil, err
	}
	return web.SignedIn(token, p.home), nil
}

// faults are what a person can mend.
func faults(err error) (directory.Invalid, bool) {
	if wrong, ok := directory.IsInvalid(err); ok {
		return wrong, true
	}
	for _, known := range []error{auth.ErrPasswordShort, auth.ErrPasswordLong, auth.ErrPasswordName} {
		if errors.Is(err, known) {
			text := known.Error()
			return directory.Invalid{"password": string(text[0]-'a'+'A') + text[1:]}, true
		}
	}
	return nil, false
}

type userView struct {
	New    directory.NewUser
	Level  string
	On     string
	Wrong  directory.Invalid
	Teams  []directory.Team
	Ticked map[string]bool
	Link   string // once added
}

func (p *Pages) userForm(ctx context.Context, r *web.Request) (web.Response, error) {
	return p.userPage(ctx, r, userView{})
}

func (p *Pages) userPage(ctx context.Context, r *web.Request, v userView) (web.Response, error) {
	teams, err := p.directory.Teams(ctx, r.Actor, directory.AgencyID(r.Actor.Agency), directory.Page{Size: 500})
	if err != nil {
		return nil, err
	}
	v.Teams = teams.Items
	return web.Page{Title: "Add a colleague", Body: userBody(v), Invalid: len(v.Wrong) > 0, Back: backToAgency, Current: "/agency"}, nil
}

func (p *Pages) user(ctx context.Context, r *web.Request) (web.Response, error) {
	form, err := r.Form()
	if err != nil {
		return nil, err
	}
	v := userView{Level: form.Get("level"), On: form.Get("achieved_on"), Ticked: map[string]bool{}}
	v.New = directory.NewUser{
		Agency: directory.AgencyID(r.Actor.Agency), Username: form.Get("username"), Name: form.Get("name"), Kind: policy.Human, Roles: rolesOf(form["role"]), Until: form.Get("until"),
	}
	if form.Get("program") == "yes" {
		v.New.Kind = policy.Service
	}
	for _, id := range form["team"] {
		v.New.Teams = append(v.New.Teams, directory.TeamID(id))
		v.Ticked[id] = true
	}
	if v.Level != "" {
		said := trained(v.Level, v.On, "", "stated by the administrator")
		v.New.Training = &said
	}
	added, err := p.directory.AddUser(ctx, r.Actor, v.New)
	var invalid bool
	if v.Wrong, invalid = directory.IsInvalid(err); invalid {
		return p.userPage(ctx, r, v)
	}
	if err != nil {
		return nil, err
	}
	// The link is shown once, on the answer to the form: only its hash is kept.
	return p.userPage(ctx, r, userView{New: v.New, Link: r.Site() + "/welcome/" + added.Token})
}
