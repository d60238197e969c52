package whatsapp

import (
	"context"

	"pult/domain/carrier"
	"pult/providers/cloudapi"
)

// translateTemplate translates a template with its values.
func (d *Driver) translateTemplate(ctx context.Context, use carrier.OutgoingTemplate) (*outTemplate, error) {
	t := use.Template
	components, err := cloudapi.NewComponents(use, d.placeByUpload(ctx))
	return &outTemplate{Name: t.Name, Language: outLanguage{Code: t.Language}, Components: components}, err
}

// placeByUpload uploads what was not uploaded before.
func (d *Driver) placeByUpload(ctx context.Context) cloudapi.PlaceFile {
	return func(m *carrier.OutgoingMedia) (cloudapi.File, error) {
		id, err := d.ensureUploaded(ctx, m)
		return cloudapi.File{ID: id}, err
	}
}
