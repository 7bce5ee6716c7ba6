package pathway

import (
	"context"

	"waymark/internal/casework/cases"
	"waymark/internal/platform/policy"
	"waymark/internal/platform/store"
	"waymark/internal/registers/provision"
)

// Services are the services of the area, in one statement.
func (s *Service) Services(ctx context.Context, tx *store.Tx) ([]provision.Service, error) {
	return s.services.In(ctx, tx)
}

// Taking are those of some services that take a step of the pathway. Nothing about
// a person is asked: whom one suits is decided with them.
func (v Version) Taking(services []provision.Service, s Step) []provision.Service {
	return provision.Of(services, provision.Side(v.Document.For), s.Takers...)
}

// Made are the services that were made for some, on a side of the harm. They are
// offered on every case, whoever it is about.
func Made(services []provision.Service, side cases.Side) []provision.Service {
	var out []provision.Service
	for _, one := range provision.Of(services, provision.Side(side), provision.Kinds()...) {
		if len(one.Made) > 0 {
			out = append(out, one)
		}
	}
	return out
}

// Coverage walks everybody there is through the pathways that are followed and
// the services of the area.
func (s *Service) Coverage(ctx context.Context, actor policy.Actor) (Coverage, error) {
	if _, err := s.guard.Act(ctx, actor, ActCoverage, register, true); err != nil {
		return Coverage{}, err
	}
	var documents []Document
	var services []provision.Service
	err := s.cases.DB().Read(ctx, func(ctx context.Context, tx *store.Tx) error {
		versions, err := s.current(ctx, tx)
		if err != nil {
			return err
		}
		for _, v := range versions {
			documents = append(documents, v.Document)
		}
		services, err = s.services.In(ctx, tx)
		return err
	})
	if err != nil {
		return Coverage{}, err
	}
	return Walk(documents, services, Everyone(s.known.Settings)), nil
}
