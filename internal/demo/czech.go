package demo

import (
	"time"

	"pult/domain"
)

func czech(name, phone string) person {
	return person{name: name, phone: phone, language: domain.Czech}
}

func (p person) of(company string) person { p.company = company; return p }

// czechToday are the Czech conversations of the last hours: some customers wait.
var czechToday = []talk{
	{with: czech("Petra Svobodová", "+420602111201"), ends: 2 * time.Minute, tags: []string{"káva"}, said: []line{
		them("Dobrý den, máte ještě zrnkovou Etiopii Guji?"),
		us(martin, "Dobrý den, paní Svobodová, máme posledních 12 balení po 250 g."),
		them("Super, vezmu si čtyři. Dá se vyzvednout dnes v obchodě?"),
		us(martin, "Ano, připravíme je na pokladně do 15 hodin. Otevřeno máme do 18:00.").reacted("👍"),
		them("A ještě prosím – umelete mi je na moka konvičku?").after(35 * time.Minute),
		them("Dvě balení by stačilo umlít, dvě nechte v zrnech."),
	}},
	{with: czech("Jan Novotný", "+420602111202"), ends: 6 * time.Minute, said: []line{
		them("Zdravím, přišel mi talíř ze sady Modrý okraj prasklý."),
		them("Tady je fotka").with(crackedPlate).after(time.Minute).becomes(ask{title: "Prasklý talíř ze sady Modrý okraj", template: complaint,
			description: "Zákazník dostal prasklý talíř, foto v konverzaci. Chce výměnu.", status: domain.StatusOpen, priority: domain.High, due: 2,
			tags: []string{"reklamace", "porcelán"}, assignee: martin}),
		us(martin, "To nás mrzí, pane Novotný. Pošlete mi prosím číslo objednávky, hned to vyřídíme."),
		them("26-11874").quoting(1),
		us(martin, "Děkuji, mám ji. Raději nový talíř, nebo vrátit peníze?").under(1),
		them("Nový talíř prosím, sada by byla neúplná.").after(12 * time.Minute).under(1),
		them("A nemusím ten prasklý posílat zpátky?").after(4 * time.Minute),
	}},
	{with: czech("Lucie Malá", "+420602111203"), ends: 11 * time.Minute, said: []line{
		them("Dobrý den, brousíte i keramické nože?"),
		them("Mám dva Kyocera, jeden má vylomenou špičku."),
	}},
	{with: czech("Tomáš Dvořák", "+420602111204"), ends: 34 * time.Minute, assignee: alena, tags: []string{"servis"}, said: []line{
		them("Kávovar od vás hlásí chybu a nejde zapnout mletí.").after(0),
		them("").with(coffeeMachine).after(time.Minute).becomes(ask{title: "Kávovar – bliká červená kontrolka, nemele", template: complaint,
			description: "Kávovar koupený v březnu. Bliká červená kontrolka, mlýnek se neroztočí.", status: domain.StatusOpen, priority: domain.Urgent, due: 1,
			tags: []string{"reklamace", "servis"}, assignee: alena}),
		us(alena, "Dobrý den, zkuste prosím vyndat zásobník na zrna, vysypat ho a znovu zaklapnout. Kontrolka zhasne?"),
		them("").with(voiceNote).after(6 * time.Minute),
		us(alena, "Rozumím, takže ne. Přivezete ho do dílny, nebo pošleme kurýra?").under(1),
		them("Radši kurýra, jsem o berlích. Kdy by mohl přijet?").after(8 * time.Minute),
	}},
	{with: czech("Kavárna Slavie – Ema Horáková", "+420602111205").of("Kavárna Slavie"), ends: 50 * time.Minute, assignee: martin, tags: []string{"velkoobchod"}, said: slavie},
	{with: czech("Marek Černý", "+420602111206"), ends: 75 * time.Minute, said: []line{
		them("Čau, dorazí mi dnes ta konvice?"),
		us(martin, "Dobrý den, předali jsme ji dopravci ráno, přijede mezi 14. a 16. hodinou."),
		them("Paráda, díky").reacted("❤️"),
		us(martin, "Rádo se stalo. Kdyby kurýr nevolal, napište mi.").only(domain.StateDelivered),
	}},
	{with: czech("Veronika Králová", "+420602111207"), ends: 2 * time.Hour, status: domain.StatusPending, said: []line{
		them("Dobrý den, chtěla bych vyměnit hrnek z dárkové sady, je to barva, kterou už máme."),
		us(martin, "Dobrý den, jistě. Která barva by se vám hodila? Máme šalvějovou, krémovou a švestkovou."),
		them("Můžu se podívat na fotku té švestkové?").after(10 * time.Minute),
		us(martin, "Posílám ceník se všemi barvami.").with(pdf("barvy-hrnku-2026.pdf")),
		us(martin, "Stačí hrnek přinést nepoužitý, účtenku máme v systému.").only(domain.StateSent),
	}},
	{with: person{name: "", username: "kavovy.ondra", language: domain.Czech}, ends: 3 * time.Hour, said: []line{
		them("ahoj, jaký mlýnek byste doporučili na V60 do 3 tisíc?"),
		us(martin, "Ahoj, do tří tisíc určitě ruční s kónickými kameny, máme dva modely skladem."),
		them("a ten ocelový se dá rozebrat na čištění?"),
		us(martin, "Ano, bez nářadí. Na prodejně si ho můžete zkusit."),
		them("super, stavím se v sobotu 👌"),
		us(martin, "Budeme se těšit!"),
	}},
	{with: czech("Hana Procházková", "+420602111208"), ends: 4 * time.Hour, said: []line{
		them("Dobrý den, kde vás najdu? Navigace mě poslala do dvora."),
		us(tom, "").where("Obchod a dílna", "Dlouhá 12, Praha 1", 50.0905, 14.4247),
		us(tom, "Vchod je z Dlouhé, vedle květinářství."),
		them("Už vás vidím, děkuji!").after(9 * time.Minute),
		us(tom, "Výborně, nahlaste se u pokladny."),
	}},
	{with: czech("Filip Beneš", "+420602111209"), ends: 5 * time.Hour, assignee: martin, said: []line{
		them("Nešlo mi zaplatit kartou, prošla ta platba?"),
		us(martin, "Dobrý den, platba neprošla, částka se vám vrátí do dvou dnů. Posílám nový odkaz."),
		us(martin, "https://shop.example/pay/26-11890").failed(domain.StateUncertain, unknownOutcome),
	}},
	{with: czech("Barbora Veselá", "+420602111210"), ends: 6 * time.Hour, status: domain.StatusOpen, quiet: true, said: []line{
		them("Prosím o fakturu na firmu k objednávce 26-11802, IČO 08812345."),
		us(martin, "Dobrý den, faktura v příloze.").with(pdf("faktura-26-11802.pdf")).becomes(ask{title: "Faktura na firmu k objednávce 26-11802", template: question,
			status: domain.StatusResolved, priority: domain.Low, tags: []string{"faktura"}, assignee: martin}),
		them("Perfektní, děkuji moc 🙏").reacted("👍"),
	}},
}

// slavie is the café that orders every fortnight: the longest conversation of the demo.
var slavie = []line{
	them("Dobré ráno, potřebovali bychom objednat kávu na příští dva týdny.").after(0),
	us(martin, "Dobré ráno, paní Horáková. Stejné složení jako minule?"),
	them("Skoro. 10 kg espresso blend, 4 kg Guatemala, 2 kg bezkofeinová.").becomes(ask{title: "Káva pro Slavii na dva týdny", template: order,
		description: "10 kg espresso blend\n4 kg Guatemala\n2 kg bezkofeinová", status: domain.StatusOpen, priority: domain.Normal, due: 3,
		tags: []string{"objednávka", "velkoobchod"}, assignee: martin}),
	us(martin, "Bezkofeinovou máme jen 1,5 kg, zbytek přijde v pondělí. Stačí to tak?").quoting(1).under(1),
	them("Ano, půl kila může dojet příště."),
	us(martin, "Zapsáno.").reacted("👍"),
	them("A ještě filtry do velkého překapávače, dvě balení.").under(1),
	us(martin, "Přidávám dvě balení po 250 kusech."),
	them("Kolik to vyjde celkem?").after(15 * time.Minute),
	us(martin, "Celkem 9 840 Kč bez DPH, doprava zdarma. Nabídka v příloze.").with(pdf("nabidka-slavie-11.pdf")).under(1),
	them("Souhlasí. Fakturu prosím opět na 14 dní."),
	us(martin, "Samozřejmě."),
	event(martin, "activity.status_changed", "pending"),
	fromTemplate(martin, "delivery_on_the_way", "cs", map[string]string{"header:1": "P-2038", "body:1": "paní Horáková", "body:2": "9:00", "body:3": "11:00", "button:0:1": "2038"}).after(day),
	them("Děkujeme, budeme tu.").after(20 * time.Minute),
	them("Dorazilo vše, jen jedno balení Guatemaly je natržené.").after(4 * time.Hour),
	them("Netečou z něj zrna, ale nevím, jak dlouho bylo otevřené.").becomes(ask{title: "Natržené balení Guatemaly", template: complaint,
		description: "Jedno z balení přišlo natržené.", status: domain.StatusNew, priority: domain.Normal, due: 4, tags: []string{"reklamace", "velkoobchod"}, assignee: martin}),
	us(martin, "To mě mrzí. Pošleme jiné s příští objednávkou, nebo ho mám přivézt dřív?").under(2),
	them("Stačí s příští, tohle spotřebujeme hned.").quoting(1),
	us(martin, "Dobře, a účtovat ho nebudeme.").reacted("❤️"),
	them("Jste zlatí."),
	them("Ještě jedna věc: máme novou kolegyni, bude objednávat ona.").after(2 * time.Hour),
	them("").business("Klára Jelínková", "Kavárna Slavie", "+420603222305", "objednavky@slavie.example").after(time.Minute),
	us(martin, "Děkuji, kontakt mám uložený. Klára ať mi kdykoli napíše."),
	us(martin, "A příště prosím počítejte s tím, že 28. máme inventuru.").only(domain.StateDelivered),
}

// czechBefore are the Czech conversations of the days before.
var czechBefore = []talk{
	{with: czech("Jakub Pokorný", "+420602111211"), ends: 14 * time.Hour, status: domain.StatusResolved, said: []line{
		them("Dobrý večer, dá se u vás koupit náhradní sklo na French press?"),
		us(tom, "Dobrý večer, ano: 350 ml, 600 ml a 1 l. Kterou velikost máte?"),
		them("1 litr, model Bruno."),
		us(tom, "Skladem, 349 Kč. Odložím vám ho na jméno Pokorný."),
		them("Díky, zítra se stavím."),
		us(tom, "Budeme se těšit."),
		event(tom, "activity.status_changed", "resolved"),
	}},
	{with: czech("Zuzana Marková", "+420602111212"), ends: 20 * time.Hour, assignee: alena, status: domain.StatusOnHold, quiet: true, tags: []string{"servis"}, said: []line{
		them("Jak vypadá ta oprava kávovaru? Už je to týden."),
		us(alena, "Dobrý den, čekáme na čerpadlo od výrobce, má přijít v úterý.").becomes(ask{title: "Oprava kávovaru – čeká se na čerpadlo", template: complaint,
			description: "Díl objednán u výrobce, dodání v úterý.", status: domain.StatusOnHold, priority: domain.Normal, due: 5, tags: []string{"servis"}, assignee: alena}),
		them("A nepůjčili byste mi zatím jiný?"),
		us(alena, "Půjčíme, náhradní máme připravený v dílně. Můžete přijít kdykoli.").under(1),
		them("To mě zachránilo, děkuji!"),
		event(alena, "activity.status_changed", "on_hold"),
	}},
	{with: czech("Ondřej Fiala", "+420602111213"), ends: 26 * time.Hour, status: domain.StatusPending, said: []line{
		them("Dobrý den, chci objednat 6 sklenic na latté, ale e-shop píše vyprodáno."),
		us(martin, "Dobrý den, nové přijdou ve čtvrtek. Mám vám je zamluvit?"),
		them("Ano prosím, 6 kusů.").becomes(ask{title: "6 sklenic na latté po naskladnění", template: order, status: domain.StatusPending, due: 3, tags: []string{"objednávka"}, assignee: martin}),
		us(martin, "Zamluveno. Ozveme se, jakmile dorazí."),
	}},
	{with: czech("Kateřina Urbanová", "+420602111214"), ends: 30 * time.Hour, assignee: tom, said: []line{
		them("Hello, do you speak English? My Czech is still terrible :)"),
		us(tom, "Of course! How can I help you, Kateřina?"),
		them("My moka pot leaks between the two halves."),
		us(tom, "That is almost always the rubber seal. Which size is it?"),
		them("6 cups I think").after(7 * time.Minute),
		us(tom, "A set of three seals is 129 CZK, we can post it today."),
		them("Yes please! Payment done."),
		fromTemplate(tom, "payment_received", "en", map[string]string{"body:1": "Kateřina", "body:2": "129 Kč"}).after(20 * time.Minute),
	}},
	{with: czech("Radek Kučera", "+420602111215"), ends: 34 * time.Hour, status: domain.StatusClosed, said: []line{
		them("Zrušte prosím objednávku 26-11755, koupil jsem ji omylem dvakrát."),
		us(alena, "Dobrý den, zrušeno, peníze vám vrátíme na účet do tří dnů."),
		them("Díky za rychlost."),
		event(alena, "activity.status_changed", "closed"),
	}},
	{with: czech("Simona Němcová", "+420602111216"), ends: 2*day + 3*time.Hour, status: domain.StatusResolved, said: []line{
		them("Dobrý den, je bezkofeinová káva odkofeinovaná vodou?"),
		us(martin, "Dobrý den, ano, švýcarskou vodní metodou, bez rozpouštědel."),
		them("Výborně, to jsem potřebovala vědět."),
		event(martin, "activity.status_changed", "resolved"),
	}},
	{with: czech("Dílna U Mlýna – Pavel Růžička", "+420602111217").of("Bistro U Mlýna"), ends: 2*day + 8*time.Hour, assignee: alena, tags: []string{"velkoobchod", "servis"}, said: []line{
		them("Zdravíme, potřebujeme nabrousit 14 kuchyňských nožů, ideálně do pátku."),
		us(alena, "Dobrý den, stihneme to. Vyzvedneme je zítra, nebo přivezete?").becomes(ask{title: "Broušení 14 nožů pro bistro", template: order,
			description: "14 kuchyňských nožů, hotovo do pátku.", status: domain.StatusOpen, priority: domain.High, due: 1, tags: []string{"servis", "velkoobchod"}, assignee: alena}),
		them("Přivezeme dnes kolem páté."),
		us(alena, "Platí, dílna je otevřená do šesti.").under(1),
		them("Cena prosím?"),
		us(alena, "79 Kč za nůž, u čtrnácti dáme 10 % slevu."),
		them("👍"),
		fromTemplate(alena, "visit_reminder", "cs", map[string]string{"header:den": "pátek", "body:jmeno": "pane Růžičko", "body:cas": "16:00"}).after(5 * time.Hour).only(domain.StateDelivered),
	}},
	{with: czech("Adéla Sedláčková", "+420602111218"), ends: 3*day + 2*time.Hour, status: domain.StatusResolved, said: []line{
		them("Dobrý den, ztratila jsem účtenku, můžu i tak reklamovat mlýnek?"),
		us(martin, "Dobrý den, můžete, nákup dohledáme podle telefonu."),
		them("Úžasné. Přinesu ho zítra.").becomes(ask{title: "Mlýnek – nejde nastavit hrubost", template: complaint, status: domain.StatusResolved, priority: domain.Normal,
			tags: []string{"reklamace"}, assignee: martin}),
		us(martin, "Mlýnek je opravený, byla uvolněná aretace. Vyzvednout ho můžete kdykoli.").after(26 * time.Hour).under(1),
		them("Mám ho, děkuji!").after(5 * time.Hour).under(1),
		event(martin, "activity.status_changed", "resolved"),
	}},
	{with: czech("Michal Hájek", "+420602111219"), ends: 4 * day, status: domain.StatusOpen, assignee: tom, quiet: true, said: []line{
		them("Dobrý den, prosím pošlete mi odkaz na návod ke kávovaru."),
		us(tom, "Dobrý den, posílám návod.").with(pdf("navod-kavovar.pdf")),
		us(tom, "Kdybyste něco potřeboval, napište.").failed(domain.StateFailed, unreachable),
	}},
	{with: czech("Eliška Kolářová", "+420602111220"), ends: 5 * day, status: domain.StatusClosed, said: []line{
		them("Máte dárkové poukazy?"),
		us(laure, "Dobrý den, ano, na 500, 1000 a 2000 Kč, poslat je můžeme i e-mailem."),
		them("Vezmu si jeden na 1000."),
		us(laure, "Poukaz jsme poslali, platí rok."),
		them("Přišel, díky!").reacted("👍"),
		event(laure, "activity.status_changed", "closed"),
	}},
	{with: czech("Vojtěch Kříž", "+420602111221"), ends: 6 * day, status: domain.StatusResolved, said: []line{
		them("Jaká je otevírací doba o svátcích?"),
		onPhone("Dobrý den, 17. máme zavřeno, jinak normálně 9–18."),
		them("Díky"),
		event(alena, "activity.status_changed", "resolved"),
	}},
	{with: czech("Nikola Vlčková", "+420602111222"), ends: 7*day + 4*time.Hour, status: domain.StatusClosed, said: []line{
		them("Dobrý den, chtěla bych si objednat kurz přípravy espressa pro dva."),
		us(martin, "Dobrý den, nejbližší volný termín je sobota 10:00."),
		them("Bereme!").becomes(ask{title: "Kurz espressa pro dva", template: order, status: domain.StatusClosed, tags: []string{"kurz"}, assignee: martin}),
		us(martin, "Zapsáno, těšíme se na vás."),
		event(martin, "activity.status_changed", "closed"),
	}},
	{with: czech("Aleš Bartoš", "+420602111224"), ends: 9 * day, status: domain.StatusClosed, said: []line{
		them("Dobrý den, vykupujete staré mosazné mlýnky?"),
		us(alena, "Dobrý den, nevykupujeme, ale v dílně je umíme vyčistit a seřídit."),
		them("Rozumím, tak ho přinesu na vyčištění."),
		us(alena, "Vyčištění stojí 390 Kč a trvá dva dny."),
		event(alena, "activity.status_changed", "closed"),
	}},
	{with: czech("Spam výhra", "+420602111223"), ends: 8 * day, status: domain.StatusSpam, quiet: true, said: []line{
		them("Gratulujeme!!! Vyhráli jste nový telefon, klikněte zde"),
		them("Poslední šance, nabídka končí dnes"),
		event(tom, "activity.status_changed", "spam"),
	}},
}
