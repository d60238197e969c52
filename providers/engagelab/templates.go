package engagelab

import (
	"context"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/cloudapi"
)

// Templates lists every template the key can see, whatever its status. One that is approved but asks for values in a
// form nobody documented counts as paused: it cannot be sent from here.
func (d *Driver) Templates(ctx context.Context) ([]domain.MessageTemplate, error) {
	var list []cloudapi.Template
	if err := d.getJSON(ctx, &list, "v1", "templates"); err != nil {
		return nil, err
	}
	var out []domain.MessageTemplate
	for _, w := range list {
		t := w.ToTemplate()
		if t.Status == domain.TemplateApproved && !canDescribe(t) {
			t.Status = domain.TemplatePaused
		}
		out = append(out, t)
	}
	return out, nil
}

// Test lists the templates, the one documented request that changes nothing: it fails when key and secret do not belong
// together. The number is the configured one and the name is empty, because EngageLab tells neither; whether the key
// may send from the number shows at the first message.
func (d *Driver) Test(ctx context.Context) (carrier.Account, error) {
	if _, err := d.Templates(ctx); err != nil {
		return carrier.Account{}, err
	}
	return carrier.Account{Number: d.number}, nil
}
