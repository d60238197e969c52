package whatsapp

import (
	"context"

	"pult/domain/carrier"
	"pult/providers/cloudapi"
)

// template translates a template with its values.
func (d *Driver) template(ctx context.Context, use carrier.OutgoingTemplate) (*outTemplate, error) {
	t := use.Template
	components, err := cloudapi.Components(use, d.placing(ctx))
	return &outTemplate{Name: t.Name, Language: outLanguage{Code: t.Language}, Components: components}, err
}

// placing uploads what was not uploaded before.
func (d *Driver) placing(ctx context.Context) cloudapi.Placing {
	return func(m *carrier.OutgoingMedia) (cloudapi.File, error) {
		id, err := d.uploaded(ctx, m)
		return cloudapi.File{ID: id}, err
	}
}
