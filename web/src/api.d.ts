// Generated from schemas/openapi.json by `npm run types`; `npm run check` tells when it is out of date.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Under which terms a draft is accepted. */
        AcceptBody: {
            /**
             * @description Whom to name.
             * @default
             */
            attribution?: string;
            /**
             * @description Take a raster in although product, date or scale are not known; statistics may use it, assessments not.
             * @default false
             */
            incomplete?: boolean;
            /**
             * @description The licence, such as `CC-BY-4.0`; empty when it is not known.
             * @default
             */
            licence?: string;
            /**
             * @description Who may be handed the data: `public`, `platform` or `private`; when absent `private` for plots and photo points,
             *     `platform` for everything else.
             * @default null
             * @enum {string|null}
             */
            visibility?: "public" | "platform" | "private" | null;
        };
        /** @description An aimag. */
        AimagBody: {
            /**
             * @description Aimag code.
             * @example 064
             */
            au1: string;
            /** @description English name. */
            name_en?: string | null;
            /** @description Mongolian name. */
            name_mn?: string | null;
        };
        /** @description What an assessment says of a soum, in short. */
        AssessedSoumBody: {
            /** @description Aimag's name, Mongolian. */
            aimag: string;
            /** @description Its English name, where it is known. */
            aimag_en?: string | null;
            /**
             * @description Soum code.
             * @example 06404
             */
            au2: string;
            /** @description English name. */
            name_en?: string | null;
            /** @description Mongolian name. */
            name_mn?: string | null;
            /**
             * Format: double
             * @description Score 0 to 100, where there is one.
             */
            score?: number | null;
            /**
             * Format: double
             * @description Upper end of its 90 % interval.
             */
            score_ci90_high?: number | null;
            /**
             * Format: double
             * @description Lower end of its 90 % interval.
             */
            score_ci90_low?: number | null;
            /** @description The verdict in one sentence. */
            sentence: components["schemas"]["Text"];
            /**
             * @description The verdict.
             * @enum {string}
             */
            status: "verified_improving" | "verified_maintained" | "not_verified" | "insufficient_evidence";
            /** @description The verdict in words. */
            status_text: components["schemas"]["Text"];
        };
        /** @description The soums of an assessment. */
        AssessedSoumsBody: {
            /** @description By code. */
            soums: components["schemas"]["AssessedSoumBody"][];
        };
        /** @description An assessment: what it was made of and what it says in numbers. */
        AssessmentBody: {
            /** @description Frozen baseline. */
            baseline: components["schemas"]["Period"];
            /** @description The cycle it was made for. */
            cycle: string;
            /** @description The assessment's id: the digest of scheme, inputs, parameters and method versions. */
            id: string;
            /** @description Every input by kind, name and digest. */
            inputs: components["schemas"]["AssessmentInput"][];
            /** @description Methods with their versions. */
            methods: string[];
            /** @description Named parameter sets. */
            parameter_sets: string[];
            /** @description Every publication and withdrawal of it. */
            publications: components["schemas"]["PublicationBody"][];
            /** @description Reporting period. */
            reporting: components["schemas"]["Period"];
            /** @description Scheme and version. */
            scheme: string;
            /** @description Digest of the scheme document. */
            scheme_digest: string;
            /**
             * Format: int64
             * @description Seed of every random stream.
             */
            seed: number;
            /** @description How many soums have each status. */
            statuses: {
                [key: string]: number;
            };
        };
        /** @description An input of an assessment. */
        AssessmentInput: {
            digest: string;
            href: string;
            kind: string;
            name: string;
        };
        /** @description Assessments, oldest first. */
        AssessmentList: {
            /** @description The assessments. */
            assessments: components["schemas"]["AssessmentSummary"][];
            /** @description The address of the next page. */
            next?: string | null;
            /** @description How many there are. */
            total: number;
        };
        /** @description An assessment to be made. */
        AssessmentRequest: {
            /**
             * @description Baseline years, `FIRST..LAST`.
             * @example 2001..2015
             */
            baseline: string;
            /** @description Digest of the soum boundaries in which the baseline was counted, where soums changed since. */
            baseline_boundaries?: string | null;
            /**
             * @description The cycle; the last reporting year when absent.
             * @example 2024
             */
            cycle?: string | null;
            /**
             * @description Levels beside the soum: bag, pug, aimag, zone.
             * @example [
             *       "pug"
             *     ]
             */
            levels?: string[];
            /**
             * @description Reporting years, `FIRST..LAST`.
             * @example 2022..2024
             */
            reporting: string;
            /** @description A scheme document (TOML); the national one when absent. */
            scheme?: string | null;
            /**
             * Format: int64
             * @description Seed of every random draw; 1 when absent.
             */
            seed?: number;
            /**
             * @description Codes of the soums; all when absent or empty.
             * @example [
             *       "06404"
             *     ]
             */
            soums?: string[];
        };
        /** @description An assessment in short. */
        AssessmentSummary: {
            /** @description When it was stored, RFC 3339. */
            created_at: string;
            /** @description The cycle it was made for. */
            cycle: string;
            /** @description Its id. */
            id: string;
            /** @description The cycles for which it is public now. */
            published: string[];
            /** @description The scheme's name. */
            scheme: string;
        };
        /** @description One entry. */
        AuditBody: {
            /**
             * @description What was done.
             * @example publish
             */
            action: string;
            /** @description Who: `key:<id>`, `user:<name>`, `cli:<name>`; empty in the oldest entries. */
            actor: string;
            /** @description When, RFC 3339. */
            at: string;
            /** @description Particulars. */
            detail: Record<string, unknown>;
            /**
             * Format: int64
             * @description Its place in the trail.
             */
            seq: number;
            /** @description To what. */
            subject: string;
        };
        /** @description Part of the trail. */
        AuditList: {
            /**
             * Format: int64
             * @description What to give as `before` for the next, older page; absent when there is none.
             */
            before?: number | null;
            /** @description The entries, newest first. */
            entries: components["schemas"]["AuditBody"][];
        };
        /** @description An input or setting that differs. */
        ChangeBody: {
            /** @description `added`, `removed` or `changed`. */
            how: string;
            /** @description Its kind, such as `raster` or `livestock`. */
            kind: string;
            /** @description What to call it. */
            name: string;
            /** @description Soums whose records differ; empty where it concerns all. */
            soums: string[];
            /** @description Years of what differs. */
            years: number[];
        };
        /** @description What one year was like. */
        ConditionsBody: {
            /**
             * @description Drought by Pedj's index, else by the precipitation index.
             * @enum {string|null}
             */
            drought?: "none" | "mild" | "moderate" | "severe" | "extreme" | null;
            drought_text?: components["schemas"]["Text"] | null;
            /**
             * Format: double
             * @description Natsagdorj's dzud index of the winter that ends in this year, with the summer before it.
             */
            dzud_index?: number | null;
            /**
             * Format: double
             * @description Change of the herd from the count of the year before, percent of sheep forage units.
             */
            herd_change_percent?: number | null;
            /**
             * Format: double
             * @description Grown livestock lost from January to May, percent of those counted in December before.
             */
            loss_percent?: number | null;
            /** @description Whether that is the loss of a disaster (dzud). */
            mortality_disaster?: boolean | null;
            /**
             * Format: double
             * @description Pedj's index of the growing season against the baseline years.
             */
            pedj?: number | null;
            /**
             * Format: double
             * @description Precipitation from May to August, mm.
             */
            precipitation_mm?: number | null;
            /**
             * Format: double
             * @description Standardised precipitation index of the growing season against the baseline years.
             */
            spi?: number | null;
            /**
             * Format: double
             * @description Mean temperature from May to August, degrees Celsius.
             */
            temperature_c?: number | null;
            /**
             * Format: int32
             * @description Calendar year.
             */
            year: number;
        };
        /** @description An enrolled soum against like soums outside the programme. Effects are in the indicator's unit, positive = better. */
        ContributionBody: {
            /**
             * Format: double
             * @description Upper end of its 90 % interval.
             */
            ci90_high?: number | null;
            /**
             * Format: double
             * @description Lower end of its 90 % interval.
             */
            ci90_low?: number | null;
            /**
             * @description What it is compared with: like soums outside, or what its weather alone would let expect.
             * @enum {string|null}
             */
            counterfactual?: "donors" | "model" | null;
            /** @description Codes of the soums it is compared with. */
            donors: string[];
            /**
             * Format: double
             * @description Difference in differences.
             */
            effect?: number | null;
            /**
             * @description What may be said of the programme's part.
             * @enum {string}
             */
            evidence: "none" | "consistent" | "supported";
            /** @description Why no more is said. */
            limits: components["schemas"]["ReasonBody"][];
            /**
             * Format: double
             * @description Two-sided p of the difference.
             */
            p?: number | null;
            /**
             * Format: double
             * @description Placebo p: rank of the soum's departure from its synthetic control among those of the donors.
             */
            placebo_p?: number | null;
            /**
             * Format: double
             * @description p of diverging trends within the baseline.
             */
            pre_trend_p?: number | null;
            /**
             * @description The test behind it.
             * @enum {string|null}
             */
            pre_trend_test?: "joint" | "slope" | null;
            /**
             * Format: double
             * @description The smallest placebo p that so many donors can give.
             */
            smallest_placebo_p?: number | null;
            /**
             * Format: double
             * @description Effect against the synthetic control; null where the fit is discarded.
             */
            synthetic_effect?: number | null;
            /**
             * Format: double
             * @description Baseline error of the synthetic control, in standard deviations of the soum's baseline.
             */
            synthetic_fit_sd?: number | null;
            /**
             * Format: double
             * @description Largest difference of baseline mean or trend from the donors' mean, in standard deviations of eligible soums.
             */
            worst_difference?: number | null;
        };
        /** @description A cycle and what is published for it. */
        CycleBody: {
            /** @description The assessment that is public. */
            assessment: string;
            /** @description Frozen baseline. */
            baseline: components["schemas"]["Period"];
            /**
             * @description The cycle's name.
             * @example 2024
             */
            cycle: string;
            /** @description Since when, RFC 3339. */
            published_at: string;
            /** @description Reporting period. */
            reporting: components["schemas"]["Period"];
            /** @description Scheme and version. */
            scheme: string;
            /** @description Digest of the scheme document. */
            scheme_digest: string;
            /** @description How many soums were assessed. */
            soums: number;
            /** @description The soums of this cycle. */
            soums_href: string;
            /** @description How many soums have each status. */
            statuses: {
                [key: string]: number;
            };
        };
        /** @description The cycles for which something is published. */
        CycleList: {
            /** @description By name; the last one is the latest, which other addresses take when none is named. */
            cycles: components["schemas"]["CycleBody"][];
        };
        /** @description A data set. */
        DatasetBody: {
            /** @description When it was added, RFC 3339. */
            created_at: string;
            /** @description The date that a raster stands for. */
            date?: string | null;
            /** @description The digest of what it says. */
            digest: string;
            /** @description What was noticed on the way in, by code. */
            findings: components["schemas"]["FindingCount"][];
            /** @description This data set. */
            href: string;
            /**
             * @description What it holds.
             * @example raster
             */
            kind: string;
            /** @description The level of boundaries, or of the units of a table. */
            level?: string | null;
            /** @description The product of a raster. */
            product?: string | null;
            raster?: components["schemas"]["RasterBody"] | null;
            /**
             * Format: int64
             * @description How many records it holds; for a raster, bands.
             */
            records: number;
            /** @description The digest of that file. */
            source_digest: string;
            /** @description The name of the file it came from. */
            source_name: string;
            /**
             * @description Whether an assessment may use it.
             * @enum {string}
             */
            state: "ready" | "needs_metadata" | "superseded";
        };
        /** @description A data set with its terms and what became of it. */
        DatasetDetail: components["schemas"]["DatasetBody"] & {
            /** @description The published assessments made from it. */
            assessments: components["schemas"]["TouchedAssessment"][];
            /** @description Whether it was superseded or retracted, and why; empty while it is in use. */
            events: components["schemas"]["DatasetEventBody"][];
            /** @description Under which terms it may be used. */
            terms: components["schemas"]["TermsBody"];
        };
        /** @description The end of a data set's use. */
        DatasetEventBody: {
            /** @description `supersede` or `retract`. */
            action: string;
            /** @description When, RFC 3339. */
            at: string;
            /** @description Why. */
            reason: string;
            /** @description The data set that took its place. */
            successor?: string | null;
        };
        /** @description A page of the data sets that are held. */
        DatasetList: {
            /** @description The data sets. */
            datasets: components["schemas"]["DatasetBody"][];
            /** @description Most data sets on a page. */
            limit: number;
            /** @description The address of the next page, if there is one. */
            next?: string | null;
            /** @description Data sets skipped. */
            offset: number;
            /** @description Data sets on all pages. */
            total: number;
        };
        /** @description SDG 15.3.1 of every cell, from rasters that are held. */
        DegradationRequest: {
            /** @description Digests of the land cover of the first and of the last year. */
            land_cover: string[];
            /**
             * @description Legend of the land cover: `esa_cci`, `mcd12_igbp`, `unccd`.
             * @example esa_cci
             */
            legend?: string | null;
            /** @description What transitions mean: `unccd_default` (the default), `mn_pastoral`. */
            matrix?: string | null;
            /** @description How trend and state are judged: `gpg` (the default), `trends-earth`. */
            mode?: string | null;
            /**
             * @description Product of the yearly vegetation index.
             * @example ndvi
             */
            vi: string;
            /**
             * @description First and last year, `FIRST..LAST`.
             * @example 2001..2024
             */
            years: string;
        };
        /** @description What an address was told. */
        DeliveryBody: {
            /**
             * Format: int64
             * @description How often it was told.
             */
            attempts: number;
            /** @description When the event happened, RFC 3339. */
            created_at: string;
            /** @description What happened. */
            event: string;
            /** @description The same however often it is told. */
            id: string;
            /** @description What the address said last. */
            said: string;
            /** @description `waiting`, `delivered` or `given_up`. */
            state: string;
        };
        /** @description The difference between two assessments. */
        DiffBody: {
            /** @description The later one. */
            after: string;
            /** @description The earlier one. */
            before: string;
            /** @description Inputs and settings that differ. */
            changes: components["schemas"]["ChangeBody"][];
            /** @description Both assessments. */
            links: string[];
            /** @description Values that differ. */
            rows: components["schemas"]["DiffRowBody"][];
        };
        /** @description One value that differs. */
        DiffRowBody: {
            /** @description After; absent = missing. */
            after?: string | null;
            /** @description The soum. */
            au2: string;
            /** @description Because of which inputs, nearest first. */
            because: string[];
            /** @description Before; absent = missing. */
            before?: string | null;
            /**
             * Format: double
             * @description After less before, for numbers.
             */
            difference?: number | null;
            /** @description The column. */
            field: string;
            /** @description The indicator; absent for what is said of the soum as a whole. */
            indicator?: string | null;
        };
        /** @description A draft: a file, what its owner says of it, and what was seen in it. */
        DraftBody: {
            /** @description When it changed last, RFC 3339. */
            changed_at: string;
            /** @description When it was begun, RFC 3339. */
            created_at: string;
            /** @description The data sets that it became. */
            datasets: string[];
            /** @description The file's name. */
            file_name: string;
            /** @description The draft; the same as the upload's. */
            id: string;
            job?: components["schemas"]["JobBody"] | null;
            /**
             * Format: int64
             * @description Its bytes.
             */
            length: number;
            /** @description What its owner says. */
            options: components["schemas"]["DraftOptions"];
            /** @description Who uploaded it. */
            owner: string;
            /** @description What was seen: kind, content, extent on longitude and latitude, findings, what is still to be said. */
            preview?: Record<string, unknown> | null;
            /**
             * @description `receiving`, `inspecting`, `needs_input`, `ready`, `refused`, `failed`, `accepted`, `discarded` or `expired`.
             * @enum {string}
             */
            state: "receiving" | "inspecting" | "needs_input" | "ready" | "refused" | "failed" | "accepted" | "discarded" | "expired";
        };
        /**
         * @description What a file is.
         * @enum {string}
         */
        DraftKind: "raster" | "boundaries" | "table" | "landuse" | "water" | "protected" | "exclusion";
        /** @description Drafts, newest first. */
        DraftList: {
            /** @description The drafts. */
            drafts: components["schemas"]["DraftBody"][];
            /** @description The address of the next page. */
            next?: string | null;
        };
        /** @description What the owner of a draft says of the file; whatever is absent is found in the file, or asked for. */
        DraftOptions: {
            /**
             * Format: int32
             * @description Only this band, from 1.
             * @default null
             */
            band?: number | null;
            /**
             * @description Field that holds the code, of boundaries or land use.
             * @default null
             */
            code_field?: string | null;
            /**
             * Format: int32
             * @description EPSG number of the coordinate system, where the file declares none or a wrong one.
             * @default null
             */
            crs?: number | null;
            /**
             * @description Date of a raster: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
             * @default null
             */
            date?: string | null;
            /** @default null */
            kind?: components["schemas"]["DraftKind"] | null;
            /**
             * @description Layer, where the file holds several.
             * @default null
             */
            layer?: string | null;
            /**
             * @description Level of boundaries: soum, aimag, bag, pug.
             * @default null
             */
            level?: string | null;
            /**
             * @description The law allows grazing on this protected land.
             * @default null
             */
            limited_use?: boolean | null;
            /**
             * @description Field to column, over what was found.
             * @default {}
             */
            map?: {
                [key: string]: string;
            };
            /**
             * @description Field that holds the name.
             * @default null
             */
            name_field?: string | null;
            /**
             * Format: double
             * @description Stored value that means missing.
             * @default null
             */
            nodata?: number | null;
            /**
             * Format: double
             * @description Offset added after scaling.
             * @default null
             */
            offset?: number | null;
            /**
             * @description Product of a raster, such as `ndvi`.
             * @default null
             */
            product?: string | null;
            /**
             * Format: double
             * @description Factor from stored to physical value.
             * @default null
             */
            scale?: number | null;
            /**
             * @description Sheet of a workbook.
             * @default null
             */
            sheet?: string | null;
            /**
             * @description What a table holds: livestock, biomass-plots, photo-points, weather, losses, presence, lm2.
             * @default null
             */
            table?: string | null;
        };
        /** @description A soum with its border. */
        Feature: {
            /** @description West, south, east, north in degrees; absent when no boundaries are held. */
            bbox?: number[] | null;
            /** @description A `MultiPolygon`, null when no boundaries are held; the last member, since its text replaces the null. */
            geometry?: Record<string, unknown> | null;
            /**
             * @description Soum code.
             * @example 06404
             */
            id: string;
            /** @description As in the list without borders. */
            properties: components["schemas"]["SoumSummary"];
            /** @description `Feature`. */
            type: string;
        };
        /** @description A page of soums with their borders (RFC 7946; longitude and latitude on WGS 84, as CRS84). */
        FeatureList: {
            /** @description The assessment. */
            assessment?: string | null;
            /** @description The cycle; absent when nothing is published. */
            cycle?: string | null;
            /** @description The soums; the last member, since their text is added to the rest. */
            features: components["schemas"]["Feature"][];
            /** @description Most soums on a page. */
            limit: number;
            /** @description The address of the next page, if there is one. */
            next?: string | null;
            /** @description Soums skipped. */
            offset: number;
            /** @description Since when it is public, RFC 3339. */
            published_at?: string | null;
            simplification?: components["schemas"]["Simplification"] | null;
            /** @description Soums that meet the conditions, on all pages. */
            total: number;
            /** @description `FeatureCollection`. */
            type: string;
        };
        /** @description Something noticed about inputs or results. */
        FindingBody: {
            /** @description Machine code. */
            code: string;
            /**
             * Format: int64
             * @description How many records.
             */
            count: number;
            /** @description The input's file name. */
            input: string;
            /** @description Where in the input. */
            place?: string | null;
            /**
             * @description How much it matters.
             * @enum {string}
             */
            severity: "info" | "warning" | "error";
            /** @description One sentence. */
            text: components["schemas"]["Text"];
        };
        /** @description How often something was noticed about a data set. */
        FindingCount: {
            /** @description Machine code. */
            code: string;
            /**
             * Format: int64
             * @description How many records are concerned.
             */
            count: number;
            /**
             * @description How much it matters.
             * @enum {string}
             */
            severity: "info" | "warning" | "error";
        };
        /** @description Findings of an assessment. */
        FindingsBody: {
            /** @description The most severe first, at most as many as asked for. */
            findings: components["schemas"]["FoundBody"][];
            /** @description How many meet the conditions. */
            total: number;
        };
        /** @description A finding with the soum that it names. */
        FoundBody: components["schemas"]["FindingBody"] & {
            /**
             * @description The soum; absent of what concerns inputs as a whole.
             * @example 06404
             */
            au2?: string | null;
        };
        /** @description One user group. */
        GroupBody: {
            /**
             * Format: double
             * @description Assessed area, ha.
             */
            area_ha?: number | null;
            /**
             * Format: double
             * @description Share of the soum's assessed area.
             */
            area_share?: number | null;
            /** @description The indicators told of groups. */
            indicators: components["schemas"]["GroupIndicatorBody"][];
            /** @description English name. */
            name_en?: string | null;
            /** @description Mongolian name. */
            name_mn?: string | null;
            /** @description The group's code. */
            zone_id: string;
        };
        /** @description One indicator of a group. */
        GroupIndicatorBody: components["schemas"]["IndicatorBody"] & {
            /**
             * Format: double
             * @description `a (effect - effect of the soum)`, a the share of the area: the parts of a soum sum to about zero.
             */
            contribution?: number | null;
            /**
             * Format: double
             * @description Coefficient of variation of the value.
             */
            cv?: number | null;
            /**
             * Format: double
             * @description Change by the group's own re-visited points alone.
             */
            direct_effect?: number | null;
            /**
             * Format: double
             * @description Value by the group's own points alone, where few points borrow from all.
             */
            direct_value?: number | null;
            /**
             * Format: double
             * @description Weight of the group's own points, 0 to 1.
             */
            direct_weight?: number | null;
            /**
             * @description `publish`, `warn`, or `suppress` where it is too unsure to be told.
             * @enum {string|null}
             */
            release?: "publish" | "warn" | "suppress" | null;
        };
        /** @description The user groups of a soum in a cycle. */
        GroupsBody: {
            /** @description Whether the assessment was made for user groups, too; without it there are no groups here. */
            assessed: boolean;
            /** @description The assessment. */
            assessment: string;
            /**
             * @description Soum code.
             * @example 06404
             */
            au2: string;
            /** @description The cycle. */
            cycle: string;
            /** @description The groups by code; the land that no group covers comes last. */
            groups: components["schemas"]["GroupBody"][];
        };
        /** @description How the service is. */
        HealthBody: {
            /**
             * @description `ok` or `ready`.
             * @example ok
             */
            status: string;
        };
        /** @description The history of a soum. */
        HistoryBody: {
            /**
             * @description Soum code.
             * @example 06404
             */
            au2: string;
            /** @description One row per publication, by cycle and then in order of time. */
            history: components["schemas"]["HistoryRow"][];
        };
        /** @description One publication of a soum's result. */
        HistoryRow: {
            /** @description The assessment. */
            assessment: string;
            /** @description The cycle. */
            cycle: string;
            /** @description When it ceased to be public, RFC 3339; absent while it is. */
            ended_at?: string | null;
            /** @description When it became public, RFC 3339. */
            published_at: string;
            /**
             * Format: double
             * @description Score 0 to 100; absent when there was none or it was taken back.
             */
            score?: number | null;
            /**
             * Format: double
             * @description Upper end of the score's 90 % interval.
             */
            score_ci90_high?: number | null;
            /**
             * Format: double
             * @description Lower end of the score's 90 % interval.
             */
            score_ci90_low?: number | null;
            /** @description Whether it is public now, was replaced, or was taken back. */
            state: components["schemas"]["PublicationState"];
            /** @description The verdict; absent when it was taken back. */
            status?: string | null;
            /** @description The verification, while it is public. */
            verification_href?: string | null;
        };
        /** @description One indicator of a soum. Effect, interval, margin and minimum detectable change are in `unit`, positive = better. */
        IndicatorBody: {
            /** @description Aimag's name. */
            aimag: string;
            /** @description Soum code. */
            au2: string;
            /**
             * Format: double
             * @description Value over the baseline, in `value_unit`.
             */
            baseline_value?: number | null;
            /**
             * Format: double
             * @description Upper end of the effect's 90 % interval.
             */
            ci90_high?: number | null;
            /**
             * Format: double
             * @description Lower end of the effect's 90 % interval.
             */
            ci90_low?: number | null;
            /**
             * @description What the indicator says.
             * @enum {string}
             */
            class: "improved" | "stable" | "declined" | "insufficient";
            /** @description The class in words. */
            class_text: components["schemas"]["Text"];
            contribution?: components["schemas"]["ContributionBody"] | null;
            /**
             * Format: double
             * @description Share of the assessed area (or of the expected observations) that is there.
             */
            coverage?: number | null;
            /**
             * Format: double
             * @description Change, positive = better.
             */
            effect?: number | null;
            /**
             * Format: double
             * @description Equivalence margin.
             */
            epsilon: number;
            /** @description The indicator, `I1` to `I5`. */
            indicator: string;
            /** @description The indicator's name. */
            indicator_text: components["schemas"]["Text"];
            /**
             * Format: double
             * @description Level part of the score, 0 to 100.
             */
            level_score?: number | null;
            /**
             * Format: double
             * @description Minimum detectable change.
             */
            mdc?: number | null;
            /** @description The method's description. */
            method_href: string;
            /**
             * @description Method and version.
             * @example i1.weather_adjusted_productivity@2
             */
            method_id: string;
            /**
             * Format: double
             * @description Effective number of observations.
             */
            n_eff?: number | null;
            /**
             * Format: int32
             * @description Plots or photo points used.
             */
            n_plots?: number | null;
            /** @description English name of the soum. */
            name_en?: string | null;
            /** @description Mongolian name of the soum. */
            name_mn?: string | null;
            /**
             * Format: double
             * @description Two-sided p.
             */
            p?: number | null;
            /**
             * Format: double
             * @description The same, adjusted over the soums of the assessment.
             */
            p_bh?: number | null;
            /**
             * Format: double
             * @description Change without weather adjustment, where one was made.
             */
            raw_effect?: number | null;
            /** @description Why it says so. */
            reasons: components["schemas"]["ReasonBody"][];
            /**
             * Format: double
             * @description Value over the reporting period, in `value_unit`.
             */
            reporting_value?: number | null;
            resolution?: components["schemas"]["Text"] | null;
            /** @description Strength of the evidence, `T0` to `T4`. */
            tier: string;
            /**
             * @description Unit of effect, interval, margin and minimum detectable change.
             * @example percent
             */
            unit: string;
            /** @description Unit of the two values. */
            value_unit: string;
            /**
             * Format: double
             * @description Upper end of that range.
             */
            year_band90_high?: number | null;
            /**
             * Format: double
             * @description Lower end of the range in which nine of ten single years of an unchanged soum fall, from the baseline's mean.
             */
            year_band90_low?: number | null;
            /** @description The zone's code. */
            zone_id: string;
            /** @description Level of the zone. */
            zone_level: string;
        };
        /** @description The years of one indicator. */
        IndicatorSeries: {
            /**
             * Format: double
             * @description Mean of observed values over the baseline.
             */
            baseline_value?: number | null;
            /**
             * Format: double
             * @description Upper end of the effect's 90 % interval.
             */
            ci90_high?: number | null;
            /**
             * Format: double
             * @description Lower end of the effect's 90 % interval.
             */
            ci90_low?: number | null;
            /**
             * Format: double
             * @description Change of the reporting period, positive = better.
             */
            effect?: number | null;
            /**
             * Format: double
             * @description Equivalence margin.
             */
            epsilon: number;
            /** @description The indicator. */
            indicator: string;
            /** @description Its name. */
            indicator_text: components["schemas"]["Text"];
            /** @description Unit of changes, band, effect and margin. */
            unit: string;
            /** @description Unit of observed values. */
            value_unit: string;
            /**
             * Format: double
             * @description Upper end of that range.
             */
            year_band90_high?: number | null;
            /**
             * Format: double
             * @description Lower end of the range in which nine of ten single years of an unchanged soum fall.
             */
            year_band90_low?: number | null;
            /** @description The years, ascending; a year without a value is absent. */
            years: components["schemas"]["YearBody"][];
        };
        /** @description An input of the assessment. */
        InputBody: {
            /** @description The data set's digest. */
            digest: string;
            /** @description The data set. */
            href: string;
            /**
             * @description What it is.
             * @example raster
             */
            kind: string;
            /** @description The source file's name. */
            name: string;
        };
        /** @description A key that was made. */
        IssuedKeyBody: {
            /**
             * @description The key itself; it is shown here and never again.
             * @example soum_live_<id>_<secret>
             */
            key: string;
            /** @description What is held of it. */
            record: components["schemas"]["KeyBody"];
        };
        /** @description A job. */
        JobBody: {
            /**
             * Format: int64
             * @description How often it was begun.
             */
            attempts: number;
            /** @description When it changed last, RFC 3339. */
            changed_at: string;
            /** @description When it was asked for, RFC 3339. */
            created_at: string;
            /** @description Its name. */
            id: string;
            /** @description What is done: inspect, ingest, assess, `zonal_stats`, degradation, export. */
            kind: string;
            /** @description Where to look and what to do with it. */
            links: components["schemas"]["JobLinks"];
            /** @description Who asked for it. */
            owner: string;
            /** @description Why it failed: code, and text in both languages. */
            problem?: Record<string, unknown> | null;
            /** @description How far it is. */
            progress: components["schemas"]["Progress"];
            /** @description What came of it. */
            result?: Record<string, unknown> | null;
            /**
             * @description `accepted`, `running`, `successful`, `failed` or `dismissed`.
             * @enum {string}
             */
            state: "accepted" | "running" | "successful" | "failed" | "dismissed";
            /** @description The upload or assessment that it is about. */
            subject?: string | null;
        };
        /** @description Addresses of a job. */
        JobLinks: {
            /** @description Its changes as they happen (server-sent events). */
            events: string;
            /** @description The files of its result. */
            files: string[];
            /** @description The job. */
            this: string;
        };
        /** @description Jobs, newest first. */
        JobList: {
            /** @description The jobs. */
            jobs: components["schemas"]["JobBody"][];
            /** @description The address of the next page. */
            next?: string | null;
        };
        /** @description A key, without its secret. */
        KeyBody: {
            /** @description What it may do. */
            actions: string[];
            /** @description When it was made, RFC 3339. */
            created_at: string;
            /** @description By whom. */
            created_by: string;
            /** @description When it ends, RFC 3339. */
            expires_at: string;
            /** @description Who holds it. */
            holder: string;
            /** @description The part that names it. */
            id: string;
            /** @description What it is for. */
            label: string;
            /** @description When it was last used, to the hour. */
            last_used?: string | null;
            /** @description The key that it took the place of. */
            replaces?: string | null;
            /** @description Since when it counts no more. */
            revoked_at?: string | null;
            /** @description `analyst`, `reviewer`, `platform` or `operator`. */
            role: string;
            /** @description `all`, or a list of soum codes. */
            soums: unknown;
            /** @description Whether it counts now. */
            valid: boolean;
        };
        /** @description The keys. */
        KeyList: {
            /** @description The keys of this page, oldest first. */
            keys: components["schemas"]["KeyBody"][];
            /** @description At most so many rows a page. */
            limit: number;
            /** @description The address of the next page. */
            next?: string | null;
            /** @description Rows skipped. */
            offset: number;
            /** @description How many there are. */
            total: number;
        };
        /** @description A value and its colour. */
        LegendStop: {
            /**
             * @description Red, green and blue as hexadecimal digits.
             * @example #78c679
             */
            color: string;
            label?: components["schemas"]["Text"] | null;
            /**
             * Format: double
             * @description The value, in the raster's unit.
             */
            value: number;
        };
        /** @description What the service takes. */
        LimitsBody: {
            /** @description What can be uploaded. */
            formats: components["schemas"]["Text"][];
            /**
             * Format: int64
             * @description Most bytes of one file.
             */
            upload_bytes_max: number;
            /**
             * Format: int64
             * @description Bytes a second that a piece must come with, over that time, or it counts as cut off.
             */
            upload_bytes_per_second_min: number;
            /**
             * Format: int32
             * @description Days after which an upload that was not finished is given up.
             */
            upload_days: number;
            /**
             * Format: int64
             * @description Seconds without a byte after which a piece counts as cut off.
             */
            upload_idle_seconds: number;
            /**
             * Format: int64
             * @description Most bytes of one caller's uploads and drafts together.
             */
            upload_quota_bytes: number;
            /**
             * Format: int64
             * @description Most uploads and drafts of one caller.
             */
            uploads_max: number;
        };
        /** @description A raster with its pictures and colours. */
        MapRaster: {
            /** @description West, south, east, north in degrees. */
            bounds: number[];
            /** @description The data set. */
            digest: string;
            /** @description `continuous` or `classes`. */
            kind: string;
            /** @description Values and colours; between two of a continuous raster colours run evenly. */
            legend: components["schemas"]["LegendStop"][];
            /** @description The date that it stands for. */
            period?: string | null;
            /** @description What it shows. */
            product: string;
            /** @description The address of its tiles. */
            tiles: string;
            /** @description The same in words. */
            title: components["schemas"]["Text"];
            /** @description The unit of values; empty for numbers without one. */
            unit: string;
        };
        /** @description The rasters that can be laid under the map. */
        MapRasterList: {
            /** @description By product, then date. */
            rasters: components["schemas"]["MapRaster"][];
        };
        /** @description Who asks. */
        MeBody: {
            /** @description What they may do. */
            actions: string[];
            /** @description Whether they may see assessments that are not published. */
            drafts: boolean;
            /** @description When their key ends, RFC 3339. */
            expires_at?: string | null;
            /**
             * @description `public`, `key:<id>` or `user:<name>`; the audit trail names changes by it.
             * @example public
             */
            id: string;
            /** @description How often they may ask. */
            limits: components["schemas"]["RatesBody"];
            /**
             * @description `public`, `analyst`, `reviewer`, `platform` or `operator`.
             * @example public
             */
            role: string;
            /** @description `all`, or a list of soum codes. */
            soums: unknown;
        };
        /** @description How soums were judged. */
        MethodBody: {
            /** @description Methods with their versions. */
            methods: components["schemas"]["MethodLink"][];
            /** @description Named parameter sets. */
            parameter_sets: string[];
            /** @description Scheme and version. */
            scheme: string;
            /** @description Digest of the scheme document. */
            scheme_digest: string;
            /**
             * Format: int64
             * @description Seed of every random stream.
             */
            seed: number;
        };
        /** @description A method in one version; the version rises whenever its results can change. */
        MethodDescription: {
            /** @description What it does. */
            description: components["schemas"]["Text"];
            /** @description Its equation, as text. */
            equation: string;
            /**
             * @description Method and version.
             * @example i1.weather_adjusted_productivity@2
             */
            id: string;
            /** @description Where it comes from. */
            source: string[];
            /** @description What it is called. */
            title: components["schemas"]["Text"];
        };
        /** @description A method's id and description. */
        MethodLink: {
            /** @description Its description. */
            href: string;
            /** @description Method and version. */
            id: string;
        };
        /** @description What a new key shall be. */
        NewKeyBody: {
            /** @description What it may do; all that the role may when absent. */
            actions?: string[] | null;
            /**
             * Format: int32
             * @description How many days it lives, 1 to 400; 365 when absent.
             */
            days?: number | null;
            /**
             * @description Who will hold it: the name of a user, whose role and soums it then has, or any other words.
             * @example cashmere platform
             */
            holder: string;
            /** @description What it is for. */
            label: string;
            /**
             * @description `analyst`, `reviewer`, `platform` or `operator`; needed when the holder is no user.
             * @example platform
             */
            role?: string | null;
            /** @description `all`, or a list of soum codes. */
            soums?: unknown;
        };
        /** @description Where to tell. */
        NewWebhookBody: {
            /**
             * @description An `https` address; `http` only on this machine.
             * @example https://platform.example/belcheer
             */
            address: string;
        };
        /** @description Own polygons: a GeoJSON feature collection on longitude and latitude, and the property that names a zone. */
        OwnZones: {
            /** @description The feature collection. */
            features: Record<string, unknown>;
            /** @description The property. */
            id: string;
        };
        /** @description Calendar years, both included. */
        Period: {
            /**
             * Format: int32
             * @description First year.
             */
            first: number;
            /**
             * Format: int32
             * @description Last year.
             */
            last: number;
        };
        /** @description A problem document (RFC 9457). */
        ProblemBody: {
            /**
             * @description Stable machine code.
             * @example unknown_soum
             */
            code: string;
            /** @description What was found and what to do next, in the language asked for. */
            detail: string;
            /** @description The same in English. */
            detail_en: string;
            /** @description The same in Mongolian. */
            detail_mn: string;
            /** @description The request's id, as in the header `x-request-id` and in the log. */
            request_id: string;
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 404
             */
            status: number;
            /** @description What kind of problem it is, in the language asked for. */
            title: string;
            /**
             * @description A name for this kind of problem; not an address.
             * @example urn:belcheer:problem:unknown_soum
             */
            type: string;
        };
        /** @description How far a job is: units of the stage at hand, never all of them before its end. */
        Progress: {
            /**
             * Format: int64
             * @description Units that are done.
             */
            done: number;
            /** @description What is being done. */
            stage: string;
            /**
             * Format: int64
             * @description Units in all; 0 when not known.
             */
            total: number;
        };
        /** @description A publication or withdrawal. */
        PublicationBody: {
            /** @description `publish` or `withdraw`. */
            action: string;
            /** @description When, RFC 3339. */
            at: string;
            /** @description The cycle. */
            cycle: string;
        };
        /**
         * @description What became of a publication.
         * @enum {string}
         */
        PublicationState: "current" | "superseded" | "withdrawn";
        /** @description For which cycle. */
        PublishBody: {
            /**
             * @description The cycle; the one that the assessment was made for when absent.
             * @default null
             */
            cycle?: string | null;
        };
        /** @description What is public now. */
        PublishedBody: {
            /** @description The assessment. */
            assessment: string;
            /** @description The cycles concerned. */
            cycles: string[];
            /** @description What it took the place of. */
            supersedes?: string | null;
        };
        /** @description The grid and values of a raster; one value is `raw * scale + offset`. */
        RasterBody: {
            /**
             * Format: int32
             * @description Bands.
             */
            bands: number;
            /** @description Cell width and height. */
            cell_size: number[];
            /**
             * Format: int32
             * @description EPSG number of the coordinate system, where it has one.
             */
            epsg?: number | null;
            /** @description Left, bottom, right and top edge in units of the coordinate system. */
            extent: number[];
            /**
             * Format: int32
             * @description Rows.
             */
            height: number;
            /**
             * Format: double
             * @description Raw value that means missing.
             */
            nodata?: number | null;
            /**
             * Format: double
             * @description Offset added after scaling.
             */
            offset?: number | null;
            /**
             * @description Sample type as stored.
             * @example f32
             */
            pixel_type: string;
            /**
             * Format: double
             * @description Factor from raw to physical value.
             */
            scale?: number | null;
            /**
             * Format: int32
             * @description Columns.
             */
            width: number;
        };
        /** @description How often somebody may ask. */
        RatesBody: {
            /**
             * Format: int32
             * @description Requests a second from one address; absent = no limit.
             */
            address_per_second?: number | null;
            /**
             * Format: int32
             * @description Requests a second with one key or token; absent = no limit, or no key.
             */
            key_per_second?: number | null;
        };
        /** @description A reason. */
        ReasonBody: {
            /**
             * @description Machine code.
             * @example no_weather
             */
            code: string;
            /** @description The same as a sentence. */
            text: components["schemas"]["Text"];
        };
        /** @description Why a data set is used no more. */
        RetractBody: {
            /** @description Why, in words for readers of the assessments it was used in. */
            reason: string;
            /** @description The data set that takes its place; without it the data set is retracted. */
            successor?: string | null;
        };
        /** @description One attack on the verdict and what met it. */
        ReviewBody: {
            /**
             * @description The attack's name in docs/adversary.md.
             * @example A1
             */
            attack: string;
            /** @description What is said against the verdict. */
            attack_text: components["schemas"]["Text"];
            /**
             * @description What became of it.
             * @enum {string}
             */
            defence: "applied" | "blocks" | "no_data" | "to_come";
            /** @description What meets it. */
            defence_text: components["schemas"]["Text"];
            /**
             * Format: double
             * @description The defence's number, where it has one.
             */
            number?: number | null;
            /** @description Its unit. */
            unit?: string | null;
        };
        /** @description A soum year by year. */
        SeriesBody: {
            /** @description The assessment. */
            assessment: string;
            /**
             * @description Soum code.
             * @example 06404
             */
            au2: string;
            /** @description Frozen baseline. */
            baseline: components["schemas"]["Period"];
            /** @description What the years were like, by year. */
            conditions: components["schemas"]["ConditionsBody"][];
            /** @description The cycle. */
            cycle: string;
            /** @description Every indicator that is judged by years; an assessment made before years were kept has none. */
            indicators: components["schemas"]["IndicatorSeries"][];
            /** @description Reporting period. */
            reporting: components["schemas"]["Period"];
        };
        /** @description How borders were simplified. */
        Simplification: {
            /**
             * @description Douglas and Peucker by arcs that neighbours share.
             * @example douglas_peucker_shared_arcs
             */
            method: string;
            /**
             * Format: double
             * @description How far a border may lie from the true one, degrees.
             */
            tolerance_degrees: number;
        };
        /** @description A soum. */
        SoumBody: {
            /** @description The aimag it lies in. */
            aimag: components["schemas"]["AimagBody"];
            /**
             * Format: double
             * @description Geodesic area, km2.
             */
            area_km2?: number | null;
            /**
             * @description Soum code.
             * @example 06404
             */
            au2: string;
            /** @description West, south, east, north in degrees (WGS 84); absent when no boundaries are held. */
            bbox?: number[] | null;
            /** @description Longitude and latitude of the centroid, degrees (WGS 84). */
            centroid?: number[] | null;
            /** @description Cycles in which it has a published result. */
            cycles: components["schemas"]["SoumCycle"][];
            /** @description Related addresses. */
            links: components["schemas"]["SoumLinks"];
            /** @description English name. */
            name_en?: string | null;
            /** @description Mongolian name. */
            name_mn?: string | null;
        };
        /** @description A soum's result in one cycle. */
        SoumCycle: {
            /** @description The cycle. */
            cycle: string;
            /** @description The verdict. */
            status: string;
            /** @description The verification. */
            verification_href: string;
        };
        /** @description Addresses that belong to a soum. */
        SoumLinks: {
            /** @description All that was published. */
            history: string;
            /** @description The page for people. */
            page: string;
            /** @description This soum. */
            self: string;
            /** @description The verification in the latest cycle with a result. */
            verification?: string | null;
        };
        /** @description A page of the soums of a cycle, by code. */
        SoumList: {
            /** @description The assessment. */
            assessment?: string | null;
            /** @description The cycle; absent when nothing is published. */
            cycle?: string | null;
            /** @description Most soums on a page. */
            limit: number;
            /** @description The address of the next page, if there is one. */
            next?: string | null;
            /** @description Soums skipped. */
            offset: number;
            /** @description Since when it is public, RFC 3339. */
            published_at?: string | null;
            /** @description The soums. */
            soums: components["schemas"]["SoumSummary"][];
            /** @description Soums that meet the conditions, on all pages. */
            total: number;
        };
        /** @description A soum with its verdict. */
        SoumSummary: {
            /** @description Aimag's name. */
            aimag: string;
            /**
             * Format: double
             * @description Geodesic area, km2.
             */
            area_km2: number;
            /**
             * @description Soum code.
             * @example 06404
             */
            au2: string;
            /**
             * Format: int32
             * @description Findings that name this soum.
             */
            findings: number;
            /** @description The soum. */
            href: string;
            /**
             * Format: int32
             * @description Indicators that are not insufficient.
             */
            indicators_used: number;
            /** @description English name. */
            name_en?: string | null;
            /** @description Mongolian name. */
            name_mn?: string | null;
            /**
             * Format: double
             * @description Assessed rangeland, ha.
             */
            rangeland_area_ha?: number | null;
            /**
             * Format: double
             * @description Score 0 to 100, where enough indicators have evidence.
             */
            score?: number | null;
            /**
             * Format: double
             * @description Upper end of the score's 90 % interval.
             */
            score_ci90_high?: number | null;
            /**
             * Format: double
             * @description Lower end of the score's 90 % interval.
             */
            score_ci90_low?: number | null;
            /**
             * @description The verdict.
             * @enum {string}
             */
            status: "verified_improving" | "verified_maintained" | "not_verified" | "insufficient_evidence";
            /** @description The verdict in words. */
            status_text: components["schemas"]["Text"];
            /** @description Its verification. */
            verification_href: string;
        };
        /** @description Livestock against forage capacity in one season; null where no yield or area is known. */
        StockingBody: {
            /**
             * Format: double
             * @description Grazed area, ha.
             */
            area_ha?: number | null;
            /**
             * Format: double
             * @description Capacity less livestock, SFU.
             */
            balance_sfu?: number | null;
            /**
             * Format: double
             * @description Capacity, sheep forage units.
             */
            capacity_sfu?: number | null;
            /** @description Class of the ratio. */
            class?: string | null;
            class_text?: components["schemas"]["Text"] | null;
            /** @description Names of the parameter sets. */
            parameter_set: string;
            /**
             * Format: double
             * @description Livestock by capacity.
             */
            ratio?: number | null;
            /**
             * Format: double
             * @description Upper end of the ratio's 90 % interval.
             */
            ratio_ci90_high?: number | null;
            /**
             * Format: double
             * @description Lower end of the ratio's 90 % interval.
             */
            ratio_ci90_low?: number | null;
            /** @description `summer_autumn` or `winter_spring`. */
            season: string;
            /**
             * Format: double
             * @description Livestock, sheep forage units.
             */
            sfu: number;
            /**
             * Format: double
             * @description Livestock per area, SFU/ha.
             */
            stocking_rate_sfu_ha?: number | null;
            /**
             * Format: double
             * @description Utilisation, fraction.
             */
            utilisation?: number | null;
            /**
             * Format: int32
             * @description Year of the count.
             */
            year: number;
            /**
             * Format: double
             * @description Peak yield, kg/ha.
             */
            yield_kg_ha?: number | null;
        };
        /** @description Under which terms a data set may be used. */
        TermsBody: {
            /** @description Whom to name. */
            attribution?: string;
            /** @description The licence, such as `CC-BY-4.0`; empty when it is not known. */
            licence: string;
            /**
             * @description Who may be handed the data: `public`, `platform` or `private`.
             * @enum {string}
             */
            visibility: "public" | "platform" | "private";
        };
        /** @description The same statement in Mongolian and English. */
        Text: {
            /** @description English. */
            en: string;
            /** @description Mongolian. */
            mn: string;
        };
        /** @description An assessment that was made from a data set. */
        TouchedAssessment: {
            /** @description The cycle it was made for. */
            cycle: string;
            /** @description Its id. */
            id: string;
            /** @description The cycles for which it is public now. */
            published: string[];
        };
        /** @description What the end of a data set touches. */
        TouchedBody: {
            /** @description `supersede` or `retract`. */
            action: string;
            /** @description The assessments made from it; they stay as they are until a reviewer withdraws or replaces them. */
            assessments: components["schemas"]["TouchedAssessment"][];
            /** @description The data set. */
            dataset: string;
        };
        /** @description How an upload stands. */
        UploadBody: {
            /** @description What it became once all bytes are there. */
            draft: string;
            /** @description When it is given up if it is not finished, RFC 3339. */
            expires_at: string;
            /** @description The file's name. */
            file_name: string;
            /** @description The upload, and later the draft. */
            id: string;
            /**
             * Format: int64
             * @description Bytes in all.
             */
            length: number;
            /**
             * Format: int64
             * @description Bytes that are here for good.
             */
            received: number;
            /** @description `receiving`, `received`, `accepted`, `discarded` or `expired`. */
            state: string;
        };
        /** @description The verification of a soum in a cycle. */
        VerificationBody: {
            /** @description Aimag's name. */
            aimag: string;
            /**
             * Format: double
             * @description Geodesic area, km2.
             */
            area_km2: number;
            /** @description The assessment: the digest of scheme, inputs, parameters and method versions. */
            assessment: string;
            /**
             * @description Soum code.
             * @example 06404
             */
            au2: string;
            /** @description Frozen baseline. */
            baseline: components["schemas"]["Period"];
            /** @description What the scheme allows to be said of the soum. */
            claims: components["schemas"]["Text"][];
            /**
             * @description What may be said of a programme's part in the change; apart from the outcome.
             * @enum {string}
             */
            contribution_evidence: "none" | "consistent" | "supported";
            /**
             * @description The cycle.
             * @example 2024
             */
            cycle: string;
            /** @description What was noticed about this soum. */
            findings: components["schemas"]["FindingBody"][];
            /** @description What was noticed about inputs as a whole. */
            global_findings: components["schemas"]["FindingBody"][];
            /** @description The indicators. */
            indicators: components["schemas"]["IndicatorBody"][];
            /**
             * Format: int32
             * @description Indicators that are not insufficient.
             */
            indicators_used: number;
            /** @description Every input, by digest. */
            inputs: components["schemas"]["InputBody"][];
            /** @description Related addresses. */
            links: components["schemas"]["VerificationLinks"];
            /** @description How it was judged. */
            method: components["schemas"]["MethodBody"];
            /** @description English name. */
            name_en?: string | null;
            /** @description Mongolian name. */
            name_mn?: string | null;
            /** @description Since when it is public, RFC 3339. */
            published_at: string;
            /**
             * Format: double
             * @description Assessed rangeland, ha.
             */
            rangeland_area_ha?: number | null;
            /** @description Why the verdict is what it is. */
            reasons: components["schemas"]["ReasonBody"][];
            /** @description Reporting period. */
            reporting: components["schemas"]["Period"];
            /** @description The reviewer's sheet: how each known attack on the verdict was met. */
            review: components["schemas"]["ReviewBody"][];
            /**
             * Format: double
             * @description Score 0 to 100, where enough indicators have evidence.
             */
            score?: number | null;
            /**
             * Format: double
             * @description Upper end of the score's 90 % interval.
             */
            score_ci90_high?: number | null;
            /**
             * Format: double
             * @description Lower end of the score's 90 % interval.
             */
            score_ci90_low?: number | null;
            /** @description The verdict in one sentence. */
            sentence: components["schemas"]["Text"];
            /**
             * @description The verdict.
             * @enum {string}
             */
            status: "verified_improving" | "verified_maintained" | "not_verified" | "insufficient_evidence";
            /** @description The verdict in words. */
            status_text: components["schemas"]["Text"];
            /** @description Livestock against forage capacity, by year and season. */
            stocking: components["schemas"]["StockingBody"][];
            would_change?: components["schemas"]["Text"] | null;
        };
        /** @description Addresses that belong to a verification. */
        VerificationLinks: {
            /** @description The same as files: tables, and a GeoPackage. */
            files: string[];
            /** @description All that was published of the soum. */
            history: string;
            /** @description The page for people. */
            page: string;
            /** @description The user groups of the soum. */
            pugs: string;
            /** @description This verification. */
            self: string;
            /** @description The years behind each change. */
            series: string;
            /** @description The soum. */
            soum: string;
        };
        /** @description An address that is told. */
        WebhookBody: {
            /** @description Whether it is told anything. */
            active: boolean;
            /** @description Who added it. */
            actor: string;
            /** @description Where to. */
            address: string;
            /** @description When, RFC 3339. */
            created_at: string;
            /** @description Its name. */
            id: string;
            /** @description The secret that signs what is sent; shown when it is made, and never again. */
            secret?: string | null;
        };
        /** @description One year of an indicator. */
        YearBody: {
            /**
             * Format: double
             * @description Distance from the baseline's mean as the verdict counts it, in `unit`, positive = better; for I1 with the weather
             *     of the year taken out.
             */
            change?: number | null;
            /**
             * Format: double
             * @description As observed, in `value_unit`.
             */
            value?: number | null;
            /**
             * Format: double
             * @description Upper end of that interval.
             */
            value_ci90_high?: number | null;
            /**
             * Format: double
             * @description Lower end of the observed value's 90 % interval, where one can be formed.
             */
            value_ci90_low?: number | null;
            /**
             * Format: int32
             * @description Calendar year.
             */
            year: number;
        };
        /** @description Statistics of rasters over zones. */
        ZonalStatsRequest: {
            /** @description Digests of raster data sets. */
            rasters: string[];
            /**
             * @description The statistics, by comma, as the command `zonal-stats` names them.
             * @example mean,count
             */
            stats: string;
            /** @description `area` weighs cells by their geodesic area; absent: they weigh the same. */
            weights?: string | null;
            /** @description Which cells count: `cover` (by their covered part, the default), `centre`, `all-touched`. */
            where?: string | null;
            /** @description The zones. */
            zones: components["schemas"]["ZonesRequest"];
        };
        /** @description Zones of a request: exactly one of the three. */
        ZonesRequest: {
            /** @description Boundaries by their digest. */
            dataset?: string | null;
            geojson?: components["schemas"]["OwnZones"] | null;
            /**
             * @description The boundaries held last of a level: soum, aimag, bag or pug.
             * @example soum
             */
            level?: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
