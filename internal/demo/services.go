package demo

import (
	"context"

	"waymark/internal/platform/policy"
	"waymark/internal/registers/provision"
)

// services are what people can be referred to in the county. Not every kind of
// service is there, and not every one takes everybody: the commissioners see who
// is left without.
func (c *county) services(ctx context.Context) error {
	const (
		experiencing, perpetrating, child = provision.Experiencing, provision.Perpetrating, provision.Child
		here, prison, across              = provision.Here, provision.InPrison, provision.Across
	)
	kinds := func(k ...provision.Kind) []provision.Kind { return k }
	sides := func(s ...provision.Side) []provision.Side { return s }
	places := func(p ...provision.Place) []provision.Place { return p }
	traits := func(t ...provision.Trait) []provision.Trait { return t }
	everywhere := places(here, prison, across)
	for _, desk := range []struct {
		who  string
		list []provision.Details
	}{
		{"carl.manager", []provision.Details{
			{Name: "Haven Advocacy (fictional)", How: "In one page, or by telephone on working days.", Kinds: kinds(provision.DomesticAbuse, provision.IDVA), Sides: sides(experiencing), Places: everywhere},
			{Name: "Exmoorland refuge (fictional)", How: "Through the advocates. Its address is told to nobody.", Kinds: kinds(provision.Refuge), Sides: sides(experiencing), Places: places(here, across), Not: traits(provision.Men, provision.NoRecourse)},
			{Name: "Thursday group (fictional)", Kinds: kinds(provision.SupportGroup), Sides: sides(experiencing), Places: places(here), Not: traits(provision.Deaf)},
			{Name: "Younger voices (fictional)", How: "For children and young people of five to eighteen.", Kinds: kinds(provision.ChildrenService), Sides: sides(child), Places: places(here, across), Made: traits(provision.Young)},
			{Name: "Rainbow adviser (fictional)", How: "One adviser for three counties, by telephone or video.", Kinds: kinds(provision.DomesticAbuse), Sides: sides(experiencing), Places: everywhere, Made: traits(provision.LGBT)},
		}},
		{"ines.commissioner", []provision.Details{
			{Name: "MARAC of Exmoorland (fictional)", Provider: "The partnership", Kinds: kinds(provision.MARAC), Sides: sides(experiencing), Places: everywhere},
			{Name: "County helpline (fictional)", Kinds: kinds(provision.Helpline), Sides: sides(experiencing), Places: everywhere},
			{Name: "Housing options (fictional)", Provider: "The councils", Kinds: kinds(provision.Housing), Sides: sides(experiencing), Places: places(here), Not: traits(provision.NoRecourse)},
			{Name: "Children's front door (fictional)", Kinds: kinds(provision.ChildrensCare), Sides: sides(child, perpetrating, experiencing), Places: everywhere},
			{Name: "Adult safeguarding of the county (fictional)", Kinds: kinds(provision.AdultCare), Sides: sides(experiencing), Places: everywhere},
			{Name: "Steps Alcohol and Drug Service (fictional)", Kinds: kinds(provision.Alcohol, provision.Drugs), Sides: sides(experiencing, perpetrating), Places: places(here, prison), Not: traits(provision.Young)},
			{Name: "Community mental health (fictional)", Kinds: kinds(provision.MentalHealth), Sides: sides(experiencing, perpetrating), Places: places(here)},
			{Name: "General practices of the county (fictional)", Kinds: kinds(provision.Practice), Sides: sides(experiencing, perpetrating), Places: places(here, across)},
			{Name: "Karma line (fictional)", Provider: "A service of four counties", How: "Never through family or community.", Kinds: kinds(provision.ForcedMarriage), Sides: sides(experiencing, child), Places: everywhere, Made: traits(provision.Minority, provision.Honour)},
			{Name: "Interpreting by telephone (fictional)", How: "A professional from outside the county within minutes.", Kinds: kinds(provision.Interpreting), Sides: provision.Sides(), Places: everywhere, Not: traits(provision.Deaf)},
			{Name: "Welcome law centre (fictional)", Kinds: kinds(provision.Entitlement), Sides: sides(experiencing), Places: places(here, across), Made: traits(provision.NoRecourse)},
			{Name: "Change programme (fictional)", How: "Tied to support for those who were harmed.", Kinds: kinds(provision.Programme), Sides: sides(perpetrating), Places: places(here), Not: traits(provision.Women, provision.Language)},
			{Name: "Later life (fictional)", How: "At home, or where somebody goes anyway.", Kinds: kinds(provision.DomesticAbuse), Sides: sides(experiencing), Places: places(here), Made: traits(provision.Older, provision.Disabled)},
		}},
	} {
		err := c.sitting(ctx, desk.who, func(ctx context.Context, actor policy.Actor) error {
			for _, d := range desk.list {
				if err := c.Provision.Keep(ctx, actor, provision.Service{Details: d}, false); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
