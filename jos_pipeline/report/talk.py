"""What to talk about when one figure is on the table: two questions for every indicator of the catalogue (tested).

Open questions for people who know the schools, in B1 Dutch. None is about one pupil, and none presumes that a figure is
good or bad. What belongs to a theme as a whole stands in ``themes``.
"""

from collections.abc import Mapping

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    # bereik
    "jos_leerlingen": (
        "Past dit aantal bij wat u op de scholen ziet?",
        "Komen leerlingen op tijd, of pas als er al veel speelt?",
    ),
    "jos_bereik": (
        "Waarom is het bereik op de ene plek groter dan op de andere?",
        "Is meer bereik hier gewenst, en is er dan ook genoeg tijd?",
    ),
    "leerlingen": (
        "Is het aantal leerlingen veranderd, en wat betekent dat voor de inzet?",
        "Wijkt dit aantal af van dat van DUO, en is bekend waarom?",
    ),
    "scholen": (
        "Horen alle scholen waar JOS werkt erbij?",
        "Van welke school ontbreken nog gegevens, en wie vraagt ernaar?",
    ),
    "jos_trajecten_nieuw": (
        "In welke maanden komen de meeste aanmeldingen, en is de inzet daarop afgestemd?",
        "Wie meldt vooral aan, en wie nog niet?",
    ),
    "jos_trajecten_lopend": (
        "Is er naast de lopende trajecten nog ruimte voor nieuwe?",
        "Welke trajecten lopen lang door, en is dat zo bedoeld?",
    ),
    "jos_trajecten_afgesloten": (
        "Sluiten er ongeveer evenveel trajecten af als er beginnen?",
        "Waaraan ziet u dat een traject klaar is?",
    ),
    "jos_aard": (
        "Past deze verhouding tussen eenmalige en langere hulp bij de afspraken?",
        "Welke vragen kunnen met een paar gesprekken klaar zijn?",
    ),
    "jos_vorm": (
        "Voor welke vragen werkt een groep beter dan hulp aan een leerling alleen?",
        "Wat is er nodig om vaker met groepen te werken?",
    ),
    "problematiek_top10": (
        "Welke reden van aanmelding valt u op?",
        "Wat kan de school zelf doen voordat hulp nodig is?",
    ),
    "jos_buiten_gemeente": (
        "Weten alle betrokken gemeenten hiervan?",
        "Loopt de hulp na JOS ook goed voor leerlingen uit een andere gemeente?",
    ),
    "duo_leerlingen": (
        "Groeit of krimpt de school, en wat vraagt dat van JOS?",
        "Past de verdeling van de inzet bij deze aantallen?",
    ),
    # inzet
    "fte": (
        "Is de afgesproken inzet ook echt geleverd?",
        "Waar is een plek lang leeg geweest, en wat deed dat?",
    ),
    "leerlingen_per_fte": (
        "Is de inzet eerlijk verdeeld over de scholen?",
        "Hebben sommige scholen meer nodig omdat hun leerlingen meer nodig hebben?",
    ),
    "jos_leerlingen_per_fte": (
        "Hebben de professionals genoeg tijd voor elke leerling?",
        "Wat doen zij nog meer dan hulp aan leerlingen, en telt dat mee?",
    ),
    "uren": (
        "Waar gaan de meeste uren naartoe, en is dat wat u wilt?",
        "Welke uren zijn niet geschreven en toch gemaakt?",
    ),
    "consultaties": (
        "Weten docenten en mentoren dat zij om raad kunnen vragen?",
        "Voorkomt een consultatie dat een leerling moet worden aangemeld?",
    ),
    "observaties_adviezen": (
        "Wat doet de school met het advies na een observatie?",
        "Op welke scholen wordt nog weinig om een observatie gevraagd, en waarom?",
    ),
    "oudercontacten": (
        "Zijn ouders op tijd betrokken?",
        "Wat helpt om ouders te bereiken die moeilijk te bereiken zijn?",
    ),
    "kortdurend": (
        "Is korte hulp vaak genoeg, of komen leerlingen terug?",
        "Bij welke vragen is meer tijd nodig?",
    ),
    "trajectduur": (
        "Duren trajecten zo lang als u verwacht?",
        "Waardoor duurt een traject langer: door de vraag, of door wachten op andere hulp?",
    ),
    # preventie
    "preventie_primair": (
        "Is er genoeg tijd voor voorkomen naast het helpen?",
        "Welke activiteit voor de hele klas zou elke school moeten hebben?",
    ),
    "inloopspreekuren": (
        "Zijn de spreekuren op een tijd en een plek die leerlingen past?",
        "Op welke scholen is er geen spreekuur, en waarom?",
    ),
    "inloopvragen": (
        "Welke vragen komen steeds terug?",
        "Wie komt er niet naar het spreekuur, terwijl dat wel zou helpen?",
    ),
    "collectief_bereik": (
        "Bereiken de activiteiten de klassen die ze het meest nodig hebben?",
        "Wat merken docenten er later van?",
    ),
    "specialistisch_voorkomen": (
        "Waaraan ziet u dat zwaardere hulp niet meer nodig is?",
        "Denkt iedereen die dit invult aan hetzelfde?",
    ),
    # wachttijden
    "wachttijd_jos": (
        "Kan een leerling op elke school snel beginnen?",
        "Wat gebeurt er tussen de aanmelding en het eerste gesprek?",
    ),
    "wachttijd_sociaal_team": (
        "Wat betekent deze wachttijd voor de leerlingen die JOS begeleidt?",
        "Welke afspraak met het sociaal team kan het sneller maken?",
    ),
    "wachttijd_jeugdhulp": (
        "Voor welke hulp is het wachten het langst?",
        "Wie houdt contact met gezinnen die wachten?",
    ),
    "binnen_norm_intake": (
        "Waar lukt het niet om binnen vier weken te beginnen, en waardoor?",
        "Horen jongeren hoe lang het nog duurt?",
    ),
    "binnen_norm_start": (
        "Wat is er nodig om vaker binnen tien weken te beginnen?",
        "Wat wordt er gedaan voor wie langer wacht?",
    ),
    "wachtend": (
        "Wordt de lijst korter of langer?",
        "Staat er nog iemand op de lijst voor wie het niet meer nodig is?",
    ),
    "wachttijd_vso": (
        "Waar gaan leerlingen naar school zolang zij wachten?",
        "Is er een plek te weinig, of duurt de aanvraag lang?",
    ),
    "wachtend_vso": (
        "Welke hulp krijgen school en gezin zolang er geen plek is?",
        "Kan een deel van deze leerlingen met extra hulp op de eigen school blijven?",
    ),
    "overbrugging": (
        "Is overbruggen een bedoelde taak van JOS, of gebeurt het vanzelf?",
        "Blijft er genoeg tijd over voor hulp die wel op school thuishoort?",
    ),
    # doorstroom
    "zonder_vervolg": (
        "Is er geen vervolg nodig, of was er geen vervolg te vinden?",
        "Hoe gaat het een half jaar later met deze leerlingen?",
    ),
    "warme_overdracht": (
        "Wat is er nodig om elke overdracht samen te doen?",
        "Bij welke partij stokt de overdracht?",
    ),
    "verwezen_specialistisch": (
        "Was eerder hulp op school voor sommige leerlingen genoeg geweest?",
        "Komen leerlingen zo sneller op de goede plek?",
    ),
    "beschikkingen_via_jos": (
        "Gaat de weg van JOS naar een beschikking snel genoeg?",
        "Tellen gemeenten dit op dezelfde manier?",
    ),
    "uitval_hulp": (
        "Waardoor stoppen leerlingen of ouders eerder dan gepland?",
        "Wat kan de professional anders doen als iemand dreigt af te haken?",
    ),
    "herhaald_beroep": (
        "Komen leerlingen terug met dezelfde vraag of met een nieuwe?",
        "Is terugkomen een teken van vertrouwen of van hulp die te kort was?",
    ),
    "doelrealisatie": (
        "Worden doelen samen met de leerling gesteld?",
        "Welke doelen worden het minst gehaald, en waarom?",
    ),
    "nut": (
        "Wat zeggen leerlingen en ouders bij dit cijfer?",
        "Vult iedereen de vragenlijst in, of alleen wie tevreden is?",
    ),
    "zonder_hulp_verder": (
        "Wat heeft leerlingen geholpen om zelf verder te kunnen?",
        "Weten zij waar zij terechtkunnen als het weer minder gaat?",
    ),
    "jeugdhulp_verwijzer": (
        "Wie verwijst het meest, en past dat bij de afspraken?",
        "Weten huisartsen wat JOS op school kan doen?",
    ),
    "jeugdhulp_gebruik": (
        "Is het gebruik van jeugdhulp hier anders dan u verwacht?",
        "Wat kan hulp op school hieraan veranderen, en wat niet?",
    ),
    "jeugdhulp_met_verblijf": (
        "Was er eerder hulp in de buurt van school?",
        "Hoe gaat het onderwijs door als een jongere niet thuis woont?",
    ),
    "samenloop": (
        "Werken onderwijs en jeugdhulp volgens één plan?",
        "Wie heeft het overzicht als een leerling meer soorten hulp heeft?",
    ),
    # schoolgang
    "verzuim_16uur": (
        "Komt de school bij dit verzuim ook bij JOS?",
        "Wordt verzuim op alle scholen op dezelfde manier gemeld?",
    ),
    "verzuim_langdurig": (
        "Welke hulp is er voor wie al weken niet op school komt?",
        "Wie neemt het eerste initiatief: school, leerplicht of hulp?",
    ),
    "absoluut_verzuim": (
        "Waarom staan deze jongeren niet op een school ingeschreven?",
        "Hoe snel vinden gemeente en school een plek?",
    ),
    "thuiszitters": (
        "Zijn alle thuiszitters bij iemand in beeld?",
        "Wat hebben de jongeren gemeen die weer naar school gaan?",
    ),
    "thuiszitters_3mnd": (
        "Welke oplossing ontbreekt voor wie lang thuis zit?",
        "Wie kan een beslissing nemen als partijen op elkaar wachten?",
    ),
    "teruggeleid": (
        "Wat werkte bij leerlingen die teruggingen naar school?",
        "Blijven zij daarna ook op school?",
    ),
    "tlv_afgegeven": (
        "Worden er meer of minder verklaringen gegeven dan vorig jaar, en waarom?",
        "Welke hulp kan het gewone onderwijs sterker maken?",
    ),
    "terugstroom": (
        "Wordt op tijd bekeken of een leerling terug kan?",
        "Wat heeft de ontvangende school nodig?",
    ),
    "uitval_onderwijs": (
        "In welke klassen of opleidingen vallen leerlingen vooral uit?",
        "Was er eerder een teken, en wie zag dat?",
    ),
    "uitval_onderwijs_jos": (
        "Kwam de hulp op tijd bij leerlingen die toch uitvielen?",
        "Wat kunnen school en JOS na de uitval nog doen?",
    ),
    "duo_slaagpercentage": (
        "Wat verklaart het verschil met andere scholen?",
        "Zegt dit cijfer iets over de hulp op school, of vooral over iets anders?",
    ),
    # randvoorwaarden
    "personele_wisselingen": (
        "Waarom vertrekken mensen, en wat houdt hen vast?",
        "Hoe blijft een leerling bij een wisseling goed geholpen?",
    ),
    "externe_begeleiders": (
        "Weten al deze begeleiders van elkaar wat zij doen?",
        "Kan het met minder mensen die vaker op school zijn?",
    ),
    "samenwerking": (
        "Wat gaat er goed in de samenwerking, en wat kan beter?",
        "Denken school en JOS hier hetzelfde over?",
    ),
    "missie_bekend": (
        "Weet een nieuwe docent waar JOS voor is?",
        "Hoe vertelt u het aan leerlingen en ouders?",
    ),
    "verbetering": (
        "Waaraan merken leerlingen dat het beter gaat?",
        "Wat is er anders bij wie geen verbetering ziet?",
    ),
    "respons": (
        "Wie heeft nog niets geleverd, en wat houdt dat tegen?",
        "Welke cijfers worden zekerder als deze levering er is?",
    ),
}
